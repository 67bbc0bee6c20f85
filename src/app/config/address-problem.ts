/** Why a channel of this kind cannot send to an address; `undefined`: it can, as far as its form shows. */
export function addressProblem(kind: string, address: string): { message: string; fix: string } | undefined {
  const known = forms[kind];
  if (!known || known.form.test(address)) return undefined;
  return { message: `"${address}" is not ${known.what}`, fix: known.fix };
}

const forms: Readonly<Record<string, { form: RegExp; what: string; fix: string }>> = {
  slack: {
    form: /^[CDGUW][A-Z0-9-]+$/,
    what: "the id of a Slack channel or user",
    fix: "Copy it from the end of the channel's About, or from a user's profile: it looks like C0123456789.",
  },
  telegram: {
    form: /^(-?\d{1,20}|@[A-Za-z][A-Za-z0-9_]{3,31})(\/\d{1,15})?$/,
    what: "the id of a Telegram chat",
    fix: "Write a number such as 123456789 or -1001234567890 in quotes, with / and a topic where it has topics.",
  },
  email: {
    form: /^[^\s<>@,;"]+@[^\s<>@,;"]+$/,
    what: "a mail address",
    fix: "Write one bare address such as operations@example.org.",
  },
};
