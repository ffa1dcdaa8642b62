/** Sums of money, exact: amounts are decimal text and are added as whole minor units. */

/** Decimal text as a whole number of 10^-6. */
function micros(text) {
  const [, sign, whole, part = ""] = /^(-?)(\d+)(?:\.(\d{1,6}))?$/.exec(text);
  const value = BigInt(whole + part.padEnd(6, "0"));
  return sign ? -value : value;
}

function text(value, decimals) {
  const digits = (value < 0n ? -value : value).toString().padStart(7, "0");
  const part = digits.slice(-6).slice(0, decimals);
  return `${value < 0n ? "-" : ""}${digits.slice(0, -6)}${part ? `.${part}` : ""}`;
}

/**
 * @param {{amount: string, currency: string}[]} list
 * @returns {{amount: string, currency: string}[]} one sum per currency, in the order of first sight
 */
export function sums(list) {
  const totals = new Map();
  for (const { amount, currency } of list) {
    const decimals = amount.split(".")[1]?.length ?? 0;
    const sum = totals.get(currency) ?? { value: 0n, decimals };
    sum.value += micros(amount);
    totals.set(currency, sum);
  }
  return [...totals].map(([currency, s]) => ({ amount: text(s.value, s.decimals), currency }));
}
