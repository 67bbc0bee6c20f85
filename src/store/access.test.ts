import { postgresUnderTest } from "../../test/support/postgres-store.ts";
import { accessContract } from "./access.contract.ts";
import { storesUnderTest } from "./stores-under-test.ts";

accessContract([...storesUnderTest(), ...postgresUnderTest()]);
