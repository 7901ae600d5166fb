/** Where a device works, and with whom: as enrolment and sync say it (contract/sync.md). */
export interface Scope {
  readonly version: number;
  readonly unit: { readonly place: number; readonly name: string; readonly code: string };
  readonly area: { readonly place: number; readonly name: string };
  readonly above?: readonly { readonly kind: string; readonly place: number; readonly name: string }[];
  readonly facilities: readonly { readonly code: string; readonly name: string; readonly linked: boolean }[];
  readonly worker?: { readonly account: number; readonly name: string };
  /** What is true of the area, by concept; a server of an earlier release does not say it. */
  readonly facts?: Readonly<Record<string, string>>;
  readonly supervisor?: { readonly name: string; readonly phone?: string } | null;
}
