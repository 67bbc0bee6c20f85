import { z } from "zod";
import { feeRecipientsSchema, groupsSchema, networkSchema, nodesSchema, referencesSchema } from "../../fleet/config.ts";
import {
  customersSchema,
  dutiesSchema,
  hostsSchema,
  providersSchema,
  validatorsSchema,
} from "../../fleet/validator-config.ts";
import { logsSchema, prometheusSchema, relaysSchema } from "../../signals/signal-config.ts";
import { alertsSchema } from "./alert-sections.ts";
import { channelsSchema, peopleSchema } from "./channel-sections.ts";
import { monitorSchema } from "./control-sections.ts";
import { onCallSchema } from "./on-call-sections.ts";
import { gatewaySchema, profileSchema, serverSchema, storeSchema } from "./sections.ts";

/** The file's shape. Sections own their keys and defaults; adding a section is one line here. */
export const configSchema = z
  .strictObject({
    profile: profileSchema,
    network: networkSchema,
    nodes: nodesSchema,
    groups: groupsSchema,
    references: referencesSchema,
    feeRecipients: feeRecipientsSchema,
    validators: validatorsSchema,
    customers: customersSchema,
    hosts: hostsSchema,
    providers: providersSchema,
    prometheus: prometheusSchema,
    logs: logsSchema,
    relays: relaysSchema,
    duties: dutiesSchema,
    alerts: alertsSchema,
    channels: channelsSchema,
    people: peopleSchema,
    onCall: onCallSchema,
    server: serverSchema,
    gateway: gatewaySchema,
    monitor: monitorSchema,
    store: storeSchema,
  })
  .meta({ title: "Slotkeeper configuration", description: "slotkeeper.yaml" });

/** The file as read: defaults filled in, secrets still references, paths as written. */
export type ConfigInput = z.output<typeof configSchema>;
