/** Just enough of a browser: cookies of one site, no redirects followed. */
export interface Answer {
  status: number
  headers: Headers
  body: string
  location: string | undefined
}

export interface Browser {
  get(url: string, headers?: Record<string, string>): Promise<Answer>
  post(url: string, fields: Record<string, string>, headers?: Record<string, string>): Promise<Answer>
  cookies: Map<string, string>
}

export const makeBrowser = (): Browser => {
  const cookies = new Map<string, string>()
  const send = async (url: string, init: RequestInit): Promise<Answer> => {
    const headers = new Headers(init.headers)
    headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '))
    const response = await fetch(url, { ...init, headers, redirect: 'manual' })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '') cookies.delete(name)
      else cookies.set(name, value)
    }
    return {
      status: response.status,
      headers: response.headers,
      body: await response.text(),
      location: response.headers.get('location') ?? undefined,
    }
  }
  return {
    cookies,
    get: (url, headers = {}) => send(url, { headers: { accept: 'text/html', ...headers } }),
    post: (url, fields, headers = {}) =>
      send(url, { method: 'POST', body: new URLSearchParams(fields), headers: { accept: 'text/html', ...headers } }),
  }
}
