import type { Role } from "../../../../src/access/roles.ts";
import { roleWords } from "../../model/access-words.ts";
import form from "../../parts/form.module.css";

const roles = Object.keys(roleWords) as readonly Role[];

export function RoleField({ role, onChange }: { role: Role; onChange: (role: Role) => void }) {
  return (
    <label className={form.field}>
      Role
      <select value={role} onChange={(event) => onChange(roles.find((known) => known === event.target.value) ?? role)}>
        {roles.map((known) => (
          <option key={known} value={known}>
            {known}: {roleWords[known]}
          </option>
        ))}
      </select>
    </label>
  );
}
