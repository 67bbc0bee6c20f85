import type { Kysely } from "kysely";
import type { Tables } from "./tables.ts";

/** Small facts of this installation, by name: when it was first started, what was acknowledged. */
export interface SettingStore {
  get(name: string): Promise<string | undefined>;
  set(name: string, value: string, at: number): Promise<void>;
}

export function settingStore(db: Kysely<Tables>): SettingStore {
  return {
    async get(name) {
      return (await db.selectFrom("settings").select("value").where("name", "=", name).executeTakeFirst())?.value;
    },
    async set(name, value, at) {
      await db
        .insertInto("settings")
        .values({ name, value, updatedAt: at })
        .onConflict((conflict) => conflict.column("name").doUpdateSet({ value, updatedAt: at }))
        .execute();
    },
  };
}
