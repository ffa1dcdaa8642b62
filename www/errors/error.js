/** Says an error page in the reader's language; without it the page is in English, and complete. */
import { asset } from "../lib/api.js";
import { choose, load, t } from "../lib/i18n.js";

const { status } = document.documentElement.dataset;
const put = (selector, text) => {
  const element = document.querySelector(selector);
  if (element) element.textContent = text;
};

async function translate() {
  /* A brand that is being published may not answer: then only the browser's language counts. */
  const brand = await asset("/brand/brand.json").catch(() => ({}));
  await load(choose(...navigator.languages, brand.language));
  document.title = t(`error.${status}`);
  put("h1", t(`error.${status}`));
  put(".error-text", t(`error_text.${status}`));
  put(".error-home", t("missing.home"));
}

/* Without the texts the page stays as it is: English, and complete. */
translate().catch(() => {});
