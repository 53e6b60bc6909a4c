function makeConstructor(): new () => object {
  function Bare(): void {}
  Bare.prototype = Object.create(null);
  return Bare as unknown as new () => object;
}

/** V8 keeps its objects in the fast form, which it does not with those of `Object.create(null)`. */
const Bare: new () => object = /* @__PURE__ */ makeConstructor();

/** An empty object for keys that come from outside: it inherits nothing, such as `constructor` or `__proto__`. */
export function bareObject<Value>(): Record<string, Value> {
  return new Bare() as Record<string, Value>;
}
