/** What somebody may do; each may do what those before it may. */
export const roles = ["viewer", "responder", "admin"] as const;
export type Role = (typeof roles)[number];

export const isRole = (word: string): word is Role => (roles as readonly string[]).includes(word);

/** May somebody of this role do what needs that one? */
export function roleAllows(role: Role, needed: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(needed);
}
