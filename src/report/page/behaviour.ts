// @ts-nocheck
// Runs in the page, as it is: plain JavaScript, because nothing here is built for it. Without it the page shows the same,
// but for the filters, and for the evidence of what went well.
const byId = (id) => document.getElementById(id)
const all = (selector, below = document) => [...below.querySelectorAll(selector)]

/* Evidence */

const packOf = new Map(
  all('script[type="application/gzip"]').flatMap((pack) => pack.dataset.ids.split(' ').map((id) => [id, pack])),
)
const opened = new Map()
const unpack = (pack) => {
  if (!opened.has(pack)) {
    const bytes = Uint8Array.from(atob(pack.textContent.trim()), (char) => char.charCodeAt(0))
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))
    opened.set(pack, new Response(stream).json())
  }
  return opened.get(pack)
}
const fill = async (details) => {
  const pack = packOf.get(details.dataset.evidence)
  if (!details.open || details.dataset.filled || pack === undefined) return
  details.dataset.filled = 'yes'
  const id = details.dataset.evidence
  const { logins, messages: sent, exchanges } = await unpack(pack)
  const whole = logins[id].map((login, at) => ({
    ...login,
    responseXml: sent[id][at] ?? undefined,
    exchanges: exchanges[id][at],
  }))
  const place = document.createElement('div')
  place.innerHTML = printable(messages(whole, { open: true }).value)
  details.append(place)
}
for (const details of all('details.lazy')) {
  details.hidden = !packOf.has(details.dataset.evidence)
  details.addEventListener('toggle', () => void fill(details))
}

/* Filters */

const form = byId('filters')
const only = byId('only')
const rows = all('tr[data-outcome]')
const articles = all('article')
const textOf = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]))
for (const article of articles) textOf.set(article, article.textContent.toLowerCase())

const wanted = () => ({
  text: byId('f-text').value.trim().toLowerCase(),
  area: byId('f-area').value,
  severity: byId('f-severity').value,
  outcomes: new Set(all('input[name="outcome"]:checked', form).map(({ value }) => value)),
})
const fits = (row, { text, area, severity, outcomes }, words) =>
  (area === '' || row.dataset.area === area) &&
  (severity === '' || row.dataset.severity === severity) &&
  outcomes.has(row.dataset.outcome) &&
  (text === '' || words.includes(text))
const filter = () => {
  const wish = wanted()
  const isOn = wish.text !== '' || wish.area !== '' || wish.severity !== '' || !isEveryOutcome()
  const articlesOf = new Map()
  for (const article of articles)
    for (const id of article.dataset.of.split(' ')) articlesOf.set(id, [...(articlesOf.get(id) ?? []), article])
  const shown = new Set()
  const shownArticles = new Set()
  for (const row of rows) {
    const own = articlesOf.get(row.id) ?? []
    const fitting = own.filter((article) => fits(row, wish, `${textOf.get(row)} ${textOf.get(article)}`))
    for (const article of fitting) shownArticles.add(article)
    if (fits(row, wish, textOf.get(row)) || fitting.length > 0) shown.add(row)
  }
  for (const row of rows) row.hidden = !shown.has(row)
  for (const article of articles) article.hidden = isOn && !shownArticles.has(article)
  for (const area of all('.area')) area.hidden = all('tr[data-outcome]', area).every((row) => row.hidden)
  for (const cell of all('a.cell')) cell.classList.toggle('out', !shown.has(byId(cell.dataset.id)))
  byId('f-count').textContent = isOn ? `${shown.size} of ${rows.length} requirements` : ''
  document.body.classList.toggle('filtered', isOn)
}
const isEveryOutcome = () => all('input[name="outcome"]', form).every(({ checked }) => checked)

form.hidden = false
form.addEventListener('input', filter)
form.addEventListener('submit', (event) => event.preventDefault())
form.addEventListener('reset', () => setTimeout(filter))
document.addEventListener('keydown', (event) => {
  const typing = /^(?:INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)
  if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault()
    byId('f-text').focus()
  }
  if (event.key === 'Escape' && event.target === byId('f-text')) {
    byId('f-text').value = ''
    filter()
  }
})

/* Places that a filter hides, and details that are closed, are shown to whoever follows a link to them. */

const reveal = () => {
  const place = location.hash.length > 1 ? byId(decodeURIComponent(location.hash.slice(1))) : null
  if (place === null) return
  if (place.matches('tr[data-kept], .area[data-kept] *')) only.checked = false
  if (place.closest('[hidden]') !== null) {
    form.reset()
    setTimeout(() => place.scrollIntoView())
  }
  for (let around = place; around !== null; around = around.parentElement)
    if (around.tagName === 'DETAILS') around.open = true
  place.scrollIntoView()
}
addEventListener('hashchange', reveal)
reveal()

/* Commands are there to be copied. */

if (navigator.clipboard !== undefined)
  for (const code of all('code.run')) {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'copy'
    button.textContent = 'Copy'
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(code.textContent)
      button.textContent = 'Copied'
      setTimeout(() => {
        button.textContent = 'Copy'
      }, 2000)
    })
    code.after(button)
  }

/* On paper everything is open that somebody would read. */

addEventListener('beforeprint', () => {
  for (const details of all('article > details')) if (!details.classList.contains('lazy')) details.open = true
})
