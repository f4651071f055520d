import type { RequestHandler } from 'express'

/** Loads a part of the server with the first request for it, so that whoever asks for metadata waits for metadata only. */
export const lazily = (load: () => Promise<RequestHandler>): RequestHandler => {
  let loading: Promise<RequestHandler> | undefined
  return (req, res, next) => {
    loading ??= load()
    loading.then((handle) => handle(req, res, next)).catch(next)
  }
}
