/** An error with a code of the catalogue (hodi/errors.py): the only kind that reaches a person. */
export interface Fault extends Error {
  readonly code: string;
  readonly detail?: string | undefined;
  /** How long until it makes sense to try again, in ms. */
  readonly waitMs?: number | undefined;
}

export const fault = (code: string, detail?: string, waitMs?: number): Fault =>
  Object.assign(new Error(detail ? `${code}: ${detail}` : code), { code, detail, waitMs });

export const isFault = (error: unknown): error is Fault => error instanceof Error && typeof (error as { code?: unknown }).code === 'string';
