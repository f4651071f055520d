/** The org that people use, and the one that carries the identity of a folder. */
export const defaultOrg = 'default'

/** The org that plays the identity provider of a second organisation at the service provider. */
export const secondOrg = 'other'
