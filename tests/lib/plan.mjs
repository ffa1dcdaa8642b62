// The screens of moves and transfers, as tests press them.

/** Chooses in the nth box of the plan the first that is found by that text. */
export async function pick(window, nth, text) {
	const box = window.page.locator("x-plan x-pick").nth(nth);
	await box.getByRole("combobox").fill(text);
	await box.getByRole("option").filter({ hasText: text }).first().click();
}

/** All that the nth box offers while nothing is typed. */
export async function offered(window, nth) {
	const box = window.page.locator("x-plan x-pick").nth(nth);
	await box.getByRole("combobox").click();
	await box.getByRole("option").first().waitFor();
	const names = await box.getByRole("option").locator("span:first-child").allInnerTexts();
	await window.page.keyboard.press("Escape");
	return names.sort();
}
