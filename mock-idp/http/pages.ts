import { type Html, html } from '../../src/core/html.ts'

/** The frame of every page but the console: it works without script. */
export const page = (title: string, body: Html): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · mock IdP</title>
<link rel="stylesheet" href="/_idpact/ui/style.css">
<link rel="icon" href="data:,">
</head>
<body class="sheet">
<main>${body}</main>
<footer>idpact mock IdP. For tests only: anyone who can open this page can sign in as anyone.</footer>
</body>
</html>
`.value

export const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`)
