/** Cloud names of the product environments that an empty account starts with. */
export const productEnvironments = ['prod', 'staging', 'dev'] as const
