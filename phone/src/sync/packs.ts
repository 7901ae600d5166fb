/** Newer content packs: new tables, and the record folded anew from the same facts. */
import { changePack } from '../db/install';
import type { Pack } from '../domain/pack';
import { now } from '../events/append';
import { FORM_MODEL } from '../forms/model';
import { foldTouched } from '../events/folding';
import type { Problem } from './protocol';
import type { Syncing } from './engine';

/** Ask for a newer pack and take it into use. Gives the new pack, undefined if there is none. Another country's is refused. */
export async function updatePack({
  ledger,
  transport,
}: Pick<Syncing, 'ledger' | 'transport'>): Promise<{ readonly pack: Pack | undefined } | { readonly problem: Problem }> {
  const reply = await transport.pack(ledger.pack().version);
  if ('problem' in reply) return reply;
  const pack = reply.ok;
  if (pack === null || pack.version === ledger.pack().version) return { pack: undefined };
  if (pack.name !== ledger.pack().name) return { problem: { code: 'other_country', detail: pack.name } };
  if ((pack.form_model ?? 1) > FORM_MODEL) return { pack: undefined }; // forms that only a newer app can run
  changePack(ledger.db, pack, (newer) => void foldTouched({ ...ledger, pack: () => newer }, now(ledger)));
  return { pack };
}
