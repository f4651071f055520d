/** Contracts that there is a reference SP for. Apart from the profiles: to know which there are, nothing of them is loaded. */
export const contractIds = ['cloudinary', 'imagekit', 'cloudsmith', 'saml'] as const
