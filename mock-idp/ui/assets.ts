import { readFileSync } from 'node:fs'
import { Router } from 'express'
import { styles } from './style.ts'

/** The console's style and script, as files of ours: the pages' policy allows no inline ones. */
export const uiAssets = (): Router => {
  const router = Router()
  // The script has no types to strip: the source and the compiled file are the same program.
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const script = readFileSync(new URL(`./console.${extension}`, import.meta.url), 'utf8')
  router.get('/style.css', (_req, res) => {
    res.type('text/css').send(styles)
  })
  router.get('/console.js', (_req, res) => {
    res.type('text/javascript').send(script)
  })
  return router
}
