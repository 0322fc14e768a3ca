/**
 * Scrolling through a sheet that is higher than any element may be. All measures are in px.
 *
 * Browsers cap the height of elements (Firefox at 17.9 million, halved by some where a page is
 * zoomed): a million rows are more. What scrolls is therefore lower than the sheet. A short way
 * moves the sheet as far as the finger; a long one, of the thumb, goes to the same part of both.
 */

export const HIGHEST = 8_000_000;

export class Scroller {
  /** How much of the sheet is above what is seen. */
  top = 0;
  #total = 0;
  #seen = 0;
  #heard = 0;

  /** Of what scrolls. */
  get height(): number {
    return Math.min(this.#total, HIGHEST);
  }

  /** Of what of the sheet can be above. */
  get #end(): number {
    return Math.max(0, this.#total - this.#seen);
  }

  resize(total: number, seen: number): void {
    this.#total = total;
    this.#seen = seen;
    this.top = Math.min(this.top, this.#end);
  }

  /** It was scrolled to here. */
  heed(scrolled: number): void {
    const most = Math.max(0, this.height - this.#seen);
    const way = scrolled - this.#heard;
    this.#heard = scrolled;
    if (this.height === this.#total) this.top = scrolled;
    else if (scrolled <= 0) this.top = 0;
    else if (scrolled >= most - 1) this.top = this.#end;
    else if (Math.abs(way) <= this.#seen) this.top += way;
    else this.top = (scrolled / most) * this.#end;
    this.top = Math.max(0, Math.min(this.#end, this.top));
  }

  /** Moves no more than is needed to see a part of the sheet. */
  reveal(from: number, to: number): void {
    if (from < this.top) this.top = Math.max(0, from);
    else if (to > this.top + this.#seen) this.top = Math.min(this.#end, to - this.#seen);
  }

  /** Where the thumb belongs; it is put there by whoever asks. */
  settle(): number {
    const most = Math.max(0, this.height - this.#seen);
    const place = this.height === this.#total ? this.top : (this.top / (this.#end || 1)) * most;
    this.#heard = place;
    return place;
  }
}
