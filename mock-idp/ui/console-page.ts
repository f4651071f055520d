import type { RequestHandler } from 'express'

/** The frame of the console; the script fills it from the control API. */
const consoleHtml = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>mock IdP</title>
<link rel="stylesheet" href="/_idpact/ui/style.css">
<link rel="icon" href="data:,">
<script type="module" src="/_idpact/ui/console.js"></script>
</head>
<body class="console">
<header>
  <span class="brand">mock IdP<small>idpact</small></span>
  <label class="row"><span class="muted">org</span><select id="org"></select></label>
  <span class="spacer"></span>
  <span class="live" id="live">connecting</span>
</header>
<noscript><p class="hint">The console needs script; signing in does not.</p></noscript>
<div class="board">
  <div class="stack">
    <section class="card" aria-labelledby="h-connect">
      <div class="head"><h2 id="h-connect">Connect your service provider</h2></div>
      <div class="body" id="connect"></div>
    </section>
    <section class="card" aria-labelledby="h-apps">
      <div class="head"><h2 id="h-apps">Applications</h2><span class="muted" id="app-count"></span><span class="spacer"></span><button class="quiet" id="register-open">Register…</button></div>
      <div class="body">
        <div class="form" id="register" hidden>
          <div class="tabs" role="tablist">
            <button role="tab" data-tab="url" aria-selected="true">Metadata URL</button>
            <button role="tab" data-tab="xml" aria-selected="false">Metadata file</button>
            <button role="tab" data-tab="hand" aria-selected="false">By hand</button>
          </div>
          <form class="form" id="register-form">
            <label>Name<input name="label" required maxlength="100" placeholder="My app"></label>
            <label data-for="url">Metadata URL<input name="metadataUrl" type="url" placeholder="http://localhost:3000/saml/metadata"></label>
            <label data-for="xml" hidden>File<input name="file" type="file" accept=".xml,text/xml,application/xml"></label>
            <label data-for="xml" hidden>… or paste it<textarea name="metadataXml" placeholder="&lt;md:EntityDescriptor …"></textarea></label>
            <label data-for="hand" hidden>Single sign-on URL (ACS)<input name="ssoUrl" type="url" placeholder="http://localhost:3000/saml/acs"></label>
            <label data-for="hand" hidden>Audience URI (SP entity ID)<input name="audience" placeholder="http://localhost:3000/saml"></label>
            <p class="error" hidden></p>
            <div class="row"><button>Register</button><span class="muted">Everyone will be assigned.</span></div>
          </form>
        </div>
        <div class="list" id="apps"></div>
      </div>
    </section>
    <section class="card" aria-labelledby="h-people">
      <div class="head"><h2 id="h-people">People</h2><span class="muted" id="people-count"></span><span class="spacer"></span><input id="people-q" type="search" placeholder="Search" aria-label="Search people"></div>
      <div class="body">
        <div class="list" id="people"></div>
        <form class="row" id="person-form"><input name="email" type="email" required placeholder="new.person@example.test" aria-label="E-mail of a new person"><button class="quiet">Add</button></form>
        <p class="error" hidden id="person-error"></p>
      </div>
    </section>
    <section class="card" aria-labelledby="h-faults">
      <div class="head"><h2 id="h-faults">Faults</h2><span class="muted" id="fault-for"></span><span class="spacer"></span><input id="fault-q" type="search" placeholder="Search" aria-label="Search faults"></div>
      <div class="body"><div id="armed"></div><p class="error" hidden id="fault-error"></p><div class="list" id="faults"></div></div>
    </section>
  </div>
  <section class="card journal" aria-labelledby="h-journal">
    <div class="head"><h2 id="h-journal">Journal</h2><span class="muted">every message, decoded</span><span class="spacer"></span><input id="journal-q" type="search" placeholder="Filter" aria-label="Filter the journal"><button class="quiet" id="journal-clear">Clear view</button></div>
    <div id="journal"><div class="empty"><b>Nothing has happened yet</b>Log in at your service provider, or open an application above.</div></div>
  </section>
</div>
</body>
</html>
`

export const consolePage = (): RequestHandler => (_req, res) => {
  res.type('html').send(consoleHtml)
}
