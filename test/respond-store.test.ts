import { outboxRules } from "../src/outbox/rules.ts";
import { respondContract } from "../src/store/respond.contract.ts";
import { storesUnderTest } from "../src/store/stores-under-test.ts";
import { postgresUnderTest } from "./support/postgres-store.ts";

// Here and not beside the store: it needs the rules of `outbox`, and a store sees types only.
respondContract([...storesUnderTest(), ...postgresUnderTest()], outboxRules);
