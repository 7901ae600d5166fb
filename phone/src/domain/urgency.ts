/** How soon something has to happen: the classes of referrals and signals. */
export type UrgencyClass = 'emergency' | 'urgent' | 'priority' | 'routine';
