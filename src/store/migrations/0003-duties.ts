import type { ColumnDataType, CreateTableBuilder, Kysely } from "kysely";
import type { Migration } from "kysely/migration";

const totals = [
  ...["validators", "stake", "assigned", "included", "timelySource", "timelyTarget", "timelyHead"],
  ...["delaySum", "effectiveDelaySum", "stakeAssigned", "stakeIncluded", "stakeTarget", "stakeHead"],
  ...["earned", "ideal", "proposals", "proposed", "syncDuties", "syncHits", "syncEarned", "syncIdeal", "slashed"],
];

/** Judged duties: packed columns, exceptions, cohorts, proposals, sync committees, slashings, gaps. */
export const duties: Migration = {
  async up(db: Kysely<unknown>) {
    // SQLite makes a key of type "integer" (64 bits there) the table's own order, and stores any other key twice.
    const wide: ColumnDataType = "integer";
    const table = (name: string) => db.schema.createTable(name);
    const byEpoch = (name: string) => table(name).addColumn("epoch", wide, (c) => c.primaryKey());
    const withId = (name: string) => table(name).addColumn("id", "integer", (c) => c.primaryKey().autoIncrement());

    await columns(
      table("dutyMarks").addColumn("name", "text", (c) => c.primaryKey()),
      "bigint",
      ["epoch"],
    ).execute();
    await columns(columns(withId("dutyGaps"), "bigint", ["fromEpoch", "toEpoch", "recordedAt"]), "text", [
      "reason",
      "detail",
    ]).execute();

    await columns(columns(byEpoch("dutyEpochs"), "bigint", ["state", "judgedAt", "exceptionBits"]), "text", [
      "headRoot",
      "fork",
      "rewards",
      "caveats",
      "network",
      "watched",
    ]).execute();
    await columns(byEpoch("dutySlots"), "blob", ["bytes"]).execute();

    await columns(withId("dutySets"), "blob", ["bytes"])
      .addColumn("hash", "text", (c) => c.notNull().unique())
      .execute();
    await columns(withId("dutyBases"), "blob", ["bytes"])
      .addColumn("epoch", "bigint", (c) => c.notNull())
      .addColumn("setId", "bigint", (c) => c.notNull().references("dutySets.id"))
      .execute();
    await db.schema.createIndex("dutyBasesByEpoch").on("dutyBases").column("epoch").execute();
    await columns(byEpoch("dutyColumns"), "blob", ["bytes"])
      .addColumn("setId", "bigint", (c) => c.notNull().references("dutySets.id"))
      .addColumn("baseId", "bigint", (c) => c.references("dutyBases.id"))
      .execute();

    await columns(withId("dutyCohorts"), "text", ["key", "value"])
      .addUniqueConstraint("dutyCohortsOnce", ["key", "value"])
      .execute();
    await columns(table("dutyCohortEpochs"), "bigint", ["epoch", "cohortId", ...totals])
      .addPrimaryKeyConstraint("dutyCohortEpochsKey", ["cohortId", "epoch"])
      .execute();
    await db.schema.createIndex("dutyCohortEpochsByEpoch").on("dutyCohortEpochs").column("epoch").execute();
    await columns(table("dutyCohortDays"), "bigint", ["day", "cohortId", "epochs", ...totals])
      .addPrimaryKeyConstraint("dutyCohortDaysKey", ["day", "cohortId"])
      .execute();

    await columns(
      table("dutyExceptions").addColumn("id", wide, (c) => c.primaryKey()),
      "bigint",
      ["validatorIndex", "slot", "kind", "outcome", "detail", "finding"],
    )
      .addColumn("lost", "bigint")
      .execute();
    // Without the id: SQLite adds it to every index by itself, and would store it twice.
    await db.schema.createIndex("dutyExceptionsByValidator").on("dutyExceptions").column("validatorIndex").execute();
    await columns(byEpoch("dutyFindings"), "blob", ["bytes"]).execute();
    await columns(columns(table("dutyCauses"), "text", ["code"]), "bigint", ["epoch", "exceptions"])
      .addPrimaryKeyConstraint("dutyCausesKey", ["epoch", "code"])
      .execute();

    await listed(columns(table("dutyProposals"), "bigint", ["slot", "validatorIndex"]), "dutyProposals")
      .addColumn("outcome", "text", (c) => c.notNull())
      .addColumn("root", "text")
      .addColumn("feeRecipient", "text")
      .addColumn("reward", "bigint")
      .addColumn("lost", "bigint")
      .addColumn("relay", "text")
      .addColumn("valuePromised", "bigint")
      .addColumn("valuePaid", "bigint")
      .execute();
    await listed(columns(table("dutySync"), "bigint", ["validatorIndex", "seats", "duties", "hits"]), "dutySync")
      .addColumn("earned", "bigint")
      .addColumn("ideal", "bigint")
      .execute();
    await listed(columns(table("dutySlashings"), "bigint", ["slot", "validatorIndex"]), "dutySlashings")
      .addColumn("offence", "text", (c) => c.notNull())
      .execute();
    for (const name of ["dutyProposals", "dutySync"])
      await db.schema.createIndex(`${name}ByValidator`).on(name).columns(["validatorIndex", "epoch"]).execute();
  },
};

type Builder = CreateTableBuilder<string, string>;

function columns(builder: Builder, type: ColumnDataType, names: readonly string[]): Builder {
  return names.reduce((to, name) => to.addColumn(name, type, (c) => c.notNull()), builder);
}

/** Several rows of one epoch, in the order in which they were saved. */
function listed(builder: Builder, name: string): Builder {
  return columns(builder, "bigint", ["epoch", "position"]).addPrimaryKeyConstraint(`${name}Key`, ["epoch", "position"]);
}
