import type { Step } from '../protocol';

/** All steps by id in the order in which they first appeared, and the tree that follows from their parents. */
export interface Steps {
  byId: Record<string, Step>;
  order: string[];
  tree: Tree;
}

export interface Tree {
  roots: string[];
  children: Record<string, string[]>;
}

export const noSteps: Steps = { byId: {}, order: [], tree: { roots: [], children: {} } };
const nothing: string[] = [];

export function childrenOf(steps: Steps, id: string): string[] {
  return steps.tree.children[id] ?? nothing;
}

/** Changes to steps that are seen at once when `done` is called: what is touched is copied once, however many tokens come. */
export class StepDraft {
  private byId: Record<string, Step>;
  private order: string[];
  private own = new Set<string>();
  private isTouched = false;
  private isReshaped = false;

  constructor(private readonly before: Steps) {
    this.byId = before.byId;
    this.order = before.order;
  }

  get(id: string): Step | undefined {
    return this.byId[id];
  }

  has(id: string): boolean {
    return id in this.byId;
  }

  upsert(step: Step): void {
    this.touch();
    const old = this.byId[step.id];
    if (!old) {
      this.reshape();
      this.order.push(step.id);
    } else if ((step.parentId ?? null) !== (old.parentId ?? null) && step.parentId !== undefined) {
      this.reshape();
    }
    this.byId[step.id] = { ...old, ...step };
    this.own.add(step.id);
  }

  /** Merges into a step that is known. */
  update(id: string, change: Partial<Step>): void {
    if (this.has(id)) this.upsert({ ...change, id } as Step);
  }

  token(id: string, token: string, replaces: boolean, isInput: boolean): void {
    const step = this.owned(id);
    if (!step) return;
    if (isInput) step.input = replaces ? token : (step.input ?? '') + token;
    else step.output = replaces ? token : (step.output ?? '') + token;
  }

  /** Removes a step with all below it. */
  remove(id: string): void {
    if (!this.has(id)) return;
    this.touch();
    this.reshape();
    const gone = new Set([id]);
    // Parents come before their children.
    for (const other of this.order) {
      const parent = this.byId[other]?.parentId;
      if (parent && gone.has(parent)) gone.add(other);
    }
    for (const each of gone) delete this.byId[each];
    this.order = this.order.filter((other) => !gone.has(other));
  }

  /** Removes what came after a step, and what is below it. */
  cutAfter(id: string): void {
    const place = this.order.indexOf(id);
    if (place < 0) return;
    for (const later of this.order.slice(place + 1)) this.remove(later);
  }

  endStreams(): void {
    for (const id of this.order) {
      if (this.byId[id]?.streaming) this.update(id, { streaming: false });
    }
  }

  done(): Steps {
    if (!this.isTouched) return this.before;
    const tree = this.isReshaped ? treeOf(this.byId, this.order, this.before.tree) : this.before.tree;
    return { byId: this.byId, order: this.order, tree };
  }

  private touch(): void {
    if (!this.isTouched) this.byId = { ...this.byId };
    this.isTouched = true;
  }

  private reshape(): void {
    if (!this.isReshaped) this.order = [...this.order];
    this.isReshaped = true;
  }

  private owned(id: string): Step | undefined {
    const step = this.byId[id];
    if (!step || this.own.has(id)) return step;
    this.touch();
    this.own.add(id);
    return (this.byId[id] = { ...step });
  }
}

/** Lists that stay the same keep their identity, so that what shows them is not drawn again. */
function treeOf(byId: Record<string, Step>, order: string[], before: Tree): Tree {
  const roots: string[] = [];
  const children: Record<string, string[]> = {};
  for (const id of order) {
    const parent = byId[id]?.parentId;
    // Whose parent is not known stands by itself: better than not at all.
    if (parent && parent in byId) (children[parent] ??= []).push(id);
    else roots.push(id);
  }
  for (const [id, list] of Object.entries(children)) children[id] = same(before.children[id], list);
  return { roots: same(before.roots, roots), children };
}

function same(old: string[] | undefined, now: string[]): string[] {
  return old && old.length === now.length && old.every((id, at) => id === now[at]) ? old : now;
}

/** Steps of a kept thread. */
export function stepsOf(list: Step[]): Steps {
  const draft = new StepDraft(noSteps);
  for (const step of list) draft.upsert(step);
  return draft.done();
}
