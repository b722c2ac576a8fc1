/** Who may do what: each role may do all that the ones before it may. */
export const roles = ['viewer', 'editor', 'admin'] as const;
export type Role = (typeof roles)[number];

/**
 * What a token must say: a JSON Web Token signed with HS256, with these claims, an end (`exp`), who it
 * is for (`sub`) and a claim `role`.
 * @source https://www.rfc-editor.org/rfc/rfc7519#section-4.1
 */
export const tokenClaims = { issuer: 'firedrill', audience: 'backend' } as const;
