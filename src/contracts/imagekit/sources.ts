/** The documents that the requirements are read from, as ImageKit publishes them. */
export const ssoGuide = 'ImageKit documentation: Single sign-on'
export const ssoGuideSource = 'ImageKit documentation: Single sign-on (its Markdown source)'
