/** Where the addresses of an organisation begin; that under test has the short ones. */
export const pathOf = (organisation: string): string => (organisation === 'main' ? '' : `/${organisation}`)
