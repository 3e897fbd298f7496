//! WIT function types as text, with every named type written out: two functions fit if their texts are equal.

use std::fmt::Write as _;

use wit_parser::{Function, Handle, Resolve, Type, TypeDefKind};

/// Texts are cut here: nested records can be made to unfold exponentially.
const MAX: usize = 16 << 10;

/// The signature of a function, for example `func(text: string) -> result<_, string>`.
pub(super) fn signature(resolve: &Resolve, function: &Function) -> String {
    let mut printer = Printer { resolve, text: String::new() };
    printer.push("func(");
    printer.list(&function.params, |printer, param| {
        printer.push(&param.name);
        printer.push(": ");
        printer.ty(&param.ty);
    });
    printer.push(")");
    if let Some(result) = &function.result {
        printer.push(" -> ");
        printer.ty(result);
    }
    printer.text
}

struct Printer<'a> {
    resolve: &'a Resolve,
    text: String,
}

impl Printer<'_> {
    fn push(&mut self, text: &str) {
        if self.text.len() < MAX {
            self.text.push_str(text);
        }
    }

    fn list<T>(&mut self, items: &[T], mut item: impl FnMut(&mut Self, &T)) {
        for (index, it) in items.iter().enumerate() {
            if index > 0 {
                self.push(", ");
            }
            item(self, it);
        }
    }

    fn ty(&mut self, ty: &Type) {
        match ty {
            Type::Bool => self.push("bool"),
            Type::U8 => self.push("u8"),
            Type::U16 => self.push("u16"),
            Type::U32 => self.push("u32"),
            Type::U64 => self.push("u64"),
            Type::S8 => self.push("s8"),
            Type::S16 => self.push("s16"),
            Type::S32 => self.push("s32"),
            Type::S64 => self.push("s64"),
            Type::F32 => self.push("f32"),
            Type::F64 => self.push("f64"),
            Type::Char => self.push("char"),
            Type::String => self.push("string"),
            Type::ErrorContext => self.push("error-context"),
            // Once the text is full, descending further only costs time.
            Type::Id(id) if self.text.len() < MAX => {
                if let Some(definition) = self.resolve.types.get(*id) {
                    self.definition(&definition.kind, definition.name.as_deref());
                }
            }
            Type::Id(_) => {}
        }
    }

    fn definition(&mut self, kind: &TypeDefKind, name: Option<&str>) {
        match kind {
            TypeDefKind::Record(record) => {
                self.braces("record", &record.fields, |printer, field| {
                    printer.push(&field.name);
                    printer.push(": ");
                    printer.ty(&field.ty);
                });
            }
            TypeDefKind::Variant(variant) => {
                self.braces("variant", &variant.cases, |printer, case| {
                    printer.push(&case.name);
                    if let Some(ty) = &case.ty {
                        printer.push("(");
                        printer.ty(ty);
                        printer.push(")");
                    }
                });
            }
            TypeDefKind::Enum(it) => {
                self.braces("enum", &it.cases, |printer, case| printer.push(&case.name));
            }
            TypeDefKind::Flags(it) => {
                self.braces("flags", &it.flags, |printer, flag| printer.push(&flag.name));
            }
            TypeDefKind::Resource => self.push(name.unwrap_or("resource")),
            TypeDefKind::Handle(Handle::Own(id)) => self.ty(&Type::Id(*id)),
            TypeDefKind::Handle(Handle::Borrow(id)) => self.wrap("borrow", &[Some(Type::Id(*id))]),
            TypeDefKind::Tuple(tuple) => {
                let types: Vec<_> = tuple.types.iter().copied().map(Some).collect();
                self.wrap("tuple", &types);
            }
            TypeDefKind::Option(ty) => self.wrap("option", &[Some(*ty)]),
            TypeDefKind::Result(result) => self.wrap("result", &[result.ok, result.err]),
            TypeDefKind::List(ty) => self.wrap("list", &[Some(*ty)]),
            TypeDefKind::Map(key, value) => self.wrap("map", &[Some(*key), Some(*value)]),
            TypeDefKind::Future(ty) => self.wrap("future", &[*ty]),
            TypeDefKind::Stream(ty) => self.wrap("stream", &[*ty]),
            TypeDefKind::FixedLengthList(ty, length) => {
                self.push("list<");
                self.ty(ty);
                // Writing to a string cannot fail.
                write!(self.text, ", {length}>").ok();
            }
            TypeDefKind::Type(ty) => self.ty(ty),
            TypeDefKind::Unknown => self.push("unknown"),
        }
    }

    fn braces<T>(&mut self, keyword: &str, items: &[T], item: impl FnMut(&mut Self, &T)) {
        self.push(keyword);
        self.push(" { ");
        self.list(items, item);
        self.push(" }");
    }

    fn wrap(&mut self, keyword: &str, types: &[Option<Type>]) {
        self.push(keyword);
        if types.iter().all(Option::is_none) {
            return;
        }
        self.push("<");
        self.list(types, |printer, ty| match ty {
            Some(ty) => printer.ty(ty),
            None => printer.push("_"),
        });
        self.push(">");
    }
}
