/** The documents that the requirements are read from, as Cloudinary publishes them, with the date of the text. */
export const samlGuide = 'Cloudinary documentation: SAML SSO login and provisioning (Jun-04-2024)'
export const scimGuide = 'Cloudinary documentation: SCIM provisioning setup with IdP (Okta) (Jan-17-2025)'
