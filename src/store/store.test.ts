import { postgresUnderTest } from "../../test/support/postgres-store.ts";
import { storeContract } from "./store.contract.ts";
import { storesUnderTest } from "./stores-under-test.ts";

storeContract([...storesUnderTest(), ...postgresUnderTest()]);
