import type { GuestServices, GuestWorld } from '../protocol/sandbox.ts';

type InstanceServices = Pick<GuestServices, 'changeDynamicPartitions' | 'latestMaterialization'>;

/** What a cell may know of the history, and do to the keys of dynamic definitions. */
export interface InstanceAccess extends InstanceServices {
  /** As of now; empty if the notebook does not ask for it. */
  readonly world: () => Pick<GuestWorld, 'materializedPartitions'>;
}

/** What a step may call of it; nothing if there is none. */
export function servicesOf(instance: InstanceAccess | undefined): InstanceServices {
  if (!instance) return {};
  const { world: _, ...services } = instance;
  return services;
}
