import { listArgument, show, textArgument, wrongArgument, WORDS } from './arguments.ts';

/** An asset's identity: a path. */
export class AssetKeyObject {
  /** At least one part. */
  readonly path: readonly string[];

  constructor(path: unknown) {
    this.path = Object.freeze(
      typeof path === 'string'
        ? path.split('/')
        : listArgument(path, 'The path of an AssetKey').map((part) =>
            textArgument(part, 'Each part of an AssetKey'),
          ),
    );
    if (this.path.length === 0 || this.path.includes('')) {
      throw wrongArgument(`An AssetKey has no empty parts: ${show(path)}.`, 'CheckError');
    }
  }

  /** The parts joined with `/`. */
  toUserString(): string {
    return this.path.join('/');
  }

  toString(): string {
    return this.toUserString();
  }

  /** In messages. */
  get [WORDS](): string {
    return 'a dg.AssetKey';
  }
}
