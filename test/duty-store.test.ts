import { columnCodec } from "../src/duties/columns/column-codec.ts";
import { dutyStoreContract } from "../src/store/duties.contract.ts";
import { storesUnderTest } from "../src/store/stores-under-test.ts";
import { postgresUnderTest } from "./support/postgres-store.ts";

// Here and not beside the store: it needs the codec of `duties`, and a store sees types only.
dutyStoreContract([...storesUnderTest(columnCodec), ...postgresUnderTest(columnCodec)]);
