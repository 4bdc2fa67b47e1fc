/** What a canvas is filled with. */
export type Paint = string | CanvasPattern;

/** The colours and patterns of one theme at one pixel ratio. */
export interface StatusPaints {
  readonly paper: Paint;
  readonly edge: Paint;
  readonly ok: Paint;
  readonly run: Paint;
  readonly fail: Paint;
  readonly stale: Paint;
  readonly missing: Paint;
  /** Paper stripes, laid over the status colour; those of `materializing` move. */
  readonly materializingStripes: Paint;
  readonly queuedStripes: Paint;
  readonly failedHatch: Paint;
  readonly notTriedHatch: Paint;
  /** For keys too narrow for a pattern. */
  readonly queuedDashes: Paint;
  readonly notTriedDashes: Paint;
  readonly dots: Paint;
}
