const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

const decoded = (text: string): string =>
  text
    .replaceAll(/<!--[\s\S]*?-->|<\?[\s\S]*?\?>/g, '')
    .replaceAll(/<!\[CDATA\[([\s\S]*?)\]\]>/g, '$1')
    .replaceAll(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (all, hex?: string, decimal?: string, name?: string) => {
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
      if (name !== undefined) return entities[name] ?? all
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : all
    })

/** The values of all NameIDs of a message, in order. Read as text: it may be no XML at all. */
export const nameIdsIn = (xml: string): string[] =>
  [...xml.matchAll(/<(?:[\w.-]+:)?NameID\b[^>]*>([\s\S]*?)<\/(?:[\w.-]+:)?NameID>/g)].map(([, text = '']) =>
    decoded(text),
  )
