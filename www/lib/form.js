import { Element } from "./element.js";

/** A form that is sent as a whole: what is wrong with a member stands at its field, and anything else above them. */
export class Form extends Element {
  static properties = {
    problem: { state: true },
    /** texts by member */
    errors: { state: true },
    busy: { state: true },
  };

  constructor() {
    super();
    this.errors = {};
  }

  /** What stands in a field; nothing where there is none. */
  value(name) {
    return this.querySelector(`x-field[name="${name}"]`)?.value.trim() ?? "";
  }

  /** The name under which a fault is kept, by what it points to. */
  memberOf(pointer) {
    return pointer.slice(1);
  }

  /**
   * Does it, unless it is being done already.
   * @param {Event} event the submit, or the press of a button
   * @param {() => Promise<void>} act
   * @param {(error: {pointer: string, code: string, detail: string}) => string} fault the text of what is wrong with a member
   */
  async send(event, act, fault) {
    event.preventDefault();
    if (this.busy) return;
    Object.assign(this, { busy: true, problem: null, errors: {} });
    try {
      await act();
    } catch (problem) {
      this.errors = Object.fromEntries((problem.errors ?? []).map((e) => [this.memberOf(e.pointer), fault(e)]));
      if (problem.status !== 422) this.problem = problem;
      await this.updateComplete;
      this.querySelector("[aria-invalid=true]")?.focus();
    }
    this.busy = false;
  }
}
