/** The document that the requirements are read from, as Cloudsmith publishes it. */
export const oktaGuide = 'Cloudsmith documentation: Single Sign-On with Okta'
