/** Tells a screen reader what changed without moving the focus. */
const channel = new EventTarget();

/**
 * @param {string} text spoken when the reader is idle
 * @param {boolean} [seen] shown for a moment as well
 */
export const announce = (text, seen = false) => channel.dispatchEvent(new CustomEvent("say", { detail: { text, seen } }));

export const onAnnounce = (listener) => channel.addEventListener("say", (event) => listener(event.detail));
