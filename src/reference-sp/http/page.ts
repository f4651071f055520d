import type { Response } from 'express'
import { type Html, html, raw } from '../../core/html.ts'
import { fullName, type User } from '../store/users.ts'

const css = raw(`
:root{color-scheme:light dark;--bg:#f4f5f8;--card:#fff;--text:#1c2333;--soft:#5d6880;--line:#dfe3ec;--accent:#3448c5;--bad:#b3261e;--good:#11734b}
@media(prefers-color-scheme:dark){:root{--bg:#12151d;--card:#1b202c;--text:#e8ebf2;--soft:#9aa5bd;--line:#303848;--accent:#8fa0ff;--bad:#ff8a80;--good:#6fd6a6}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--text);font:16px/1.5 system-ui,sans-serif}
header{display:flex;gap:1.25rem;align-items:center;flex-wrap:wrap;padding:.75rem 1.5rem;background:var(--card);border-bottom:1px solid var(--line)}
header strong{margin-right:auto}
main{max-width:64rem;margin:2rem auto;padding:0 1.5rem}
main.narrow{max-width:26rem}
.card{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:1.25rem 1.5rem;margin-bottom:1.25rem}
h1{font-size:1.4rem;margin:0 0 1rem}h2{font-size:1.05rem;margin:0 0 .75rem}
label{display:block;margin:.75rem 0 .25rem;font-weight:600;font-size:.9rem}
label.inline{display:flex;gap:.5rem;align-items:center;font-weight:400;font-size:1rem}
input:not([type=checkbox]):not([type=radio]),textarea,select{width:100%;padding:.5rem .6rem;border:1px solid var(--line);border-radius:.35rem;background:var(--bg);color:inherit;font:inherit}
textarea{min-height:9rem;font:13px/1.4 ui-monospace,monospace}
button{margin-top:1rem;padding:.5rem 1rem;border:0;border-radius:.35rem;background:var(--accent);color:var(--card);font:inherit;font-weight:600;cursor:pointer}
button.quiet{background:none;color:var(--accent);padding:0;margin:0}
a{color:var(--accent)}
.scroll{overflow-x:auto}
table{width:100%;border-collapse:collapse}th,td{text-align:left;padding:.5rem .75rem .5rem 0;border-bottom:1px solid var(--line);vertical-align:top}th{color:var(--soft);font-size:.85rem}
code{font:13px ui-monospace,monospace;word-break:break-all}
.soft{color:var(--soft)}.bad{color:var(--bad)}.good{color:var(--good)}
.tag{display:inline-block;padding:0 .5rem;border:1px solid var(--line);border-radius:1rem;font-size:.8rem}
form.inline{display:inline}
`)

export interface PageOptions {
  title: string
  user?: User | undefined
  narrow?: boolean
}

export const page = ({ title, user, narrow }: PageOptions, body: Html): Html => html`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title} · idpact reference SP</title><style>${css}</style></head>
<body>${
  user &&
  html`<header><strong>idpact reference SP</strong><a href="/">Users</a><a href="/console/settings">Settings</a>
<span class="soft">${fullName(user)} (${user.role})</span>
<form class="inline" method="post" action="/logout"><button class="quiet">Log out</button></form></header>`
}<main${narrow === true ? raw(' class="narrow"') : ''}>${body}</main></body></html>`

export const sendPage = (res: Response, status: number, content: Html): void => {
  res.status(status).type('html').send(content.value)
}

/** A page with a heading and a sentence. */
export const sendMessage = (res: Response, status: number, title: string, text: string, user?: User): void => {
  sendPage(
    res,
    status,
    page(
      { title, user, narrow: true },
      html`<div class="card"><h1>${title}</h1><p>${text}</p><p><a href="/">Back</a></p></div>`,
    ),
  )
}
