//! The attribute macro of `chinwag-sdk`: decides which callbacks a component exports. What an
//! export does is in the SDK.
//!
//! A host treats an exported callback as one that the bot has: `on_audio_start` gives it a
//! microphone button, `on_chat_start` a visible run. A trait with defaults cannot tell which
//! methods an author overrode, so the macro reads the `impl` block.

use std::collections::BTreeSet;

use proc_macro::TokenStream;
use proc_macro2::TokenStream as Tokens;
use quote::{ToTokens, format_ident, quote};
use syn::{Error, ImplItem, ItemImpl, Result};

/// Makes an `impl Bot for …` block the bot of this component.
///
/// It exports the methods that are written in the block, and no others: a host treats an exported
/// callback as one that the bot has. `on_message`, `on_action` and `on_audio_chunk` are exported by
/// every bot; any audio method brings the whole microphone.
#[proc_macro_attribute]
pub fn bot(arguments: TokenStream, block: TokenStream) -> TokenStream {
    let block_as_written = Tokens::from(block.clone());
    let exports = check_arguments(arguments.into())
        .and_then(|()| syn::parse(block))
        .and_then(|block| exports(&block))
        .unwrap_or_else(|error| error.into_compile_error());
    quote!(#block_as_written #exports).into()
}

fn check_arguments(arguments: Tokens) -> Result<()> {
    if arguments.is_empty() {
        return Ok(());
    }
    Err(Error::new_spanned(arguments, "`#[bot]` takes no arguments"))
}

/// The items that export what `block` implements.
fn exports(block: &ItemImpl) -> Result<Tokens> {
    check_block(block)?;
    let bot = &block.self_ty;
    let worlds = worlds(block).into_iter().map(|world| {
        let export = format_ident!("export_{world}");
        let world = format_ident!("{world}");
        quote! {
            ::chinwag_sdk::__private::#export!(
                Exported with_types_in ::chinwag_sdk::__private::#world
            );
        }
    });
    Ok(quote! {
        const _: () = {
            type Exported = ::chinwag_sdk::__private::Exported<#bot>;
            #(#[cfg(target_family = "wasm")] #worlds)*
            // Elsewhere nothing is exported, so that tests and documentation may hold several bots.
            #[cfg(not(target_family = "wasm"))]
            const _: Exported = Exported::NEW;
        };
    })
}

fn check_block(block: &ItemImpl) -> Result<()> {
    let is_bot = block
        .trait_
        .as_ref()
        .and_then(|(path, _)| path.segments.last())
        .is_some_and(|segment| segment.ident == "Bot");
    if !is_bot {
        return Err(not_here(&block.self_ty, "it belongs on an `impl Bot for …` block"));
    }
    if !block.generics.params.is_empty() {
        return Err(not_here(&block.generics, "a bot has no generic parameters"));
    }
    Ok(())
}

fn not_here(tokens: &impl ToTokens, reason: &str) -> Error {
    Error::new_spanned(tokens, format!("`#[bot]` cannot be used here: {reason}"))
}

/// The worlds whose exports `block` implements; `core` is what every bot exports.
fn worlds(block: &ItemImpl) -> BTreeSet<&'static str> {
    let optional = block.items.iter().filter_map(|item| match item {
        ImplItem::Fn(function) => world_of(&function.sig.ident.to_string()),
        _ => None,
    });
    optional.chain(["core"]).collect()
}

/// The world of an optional callback. One audio method brings the whole microphone, and one of the
/// app's methods both: the others have defaults.
fn world_of(method: &str) -> Option<&'static str> {
    Some(match method {
        "on_chat_start" => "chat_start",
        "on_chat_end" => "chat_end",
        "on_stop" => "stop",
        "on_window_message" => "window_message",
        "on_audio_start" | "on_audio_chunk" | "on_audio_end" => "audio",
        "describe" => "describe",
        "on_chat_resume" => "chat_resume",
        "on_settings_update" => "settings_update",
        "on_settings_edit" => "settings_edit",
        "on_feedback" => "feedback",
        "rename_author" => "author",
        "on_shared_thread_view" => "shared_thread",
        "on_app_startup" | "on_app_shutdown" => "app",
        "on_upgrade" => "upgrade",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use super::*;

    #[test]
    fn a_bot_exports_the_callbacks_that_its_block_writes() {
        let block = parse_quote! {
            impl Bot for Echo {
                fn on_message(message: Message) -> Result {}
                fn on_stop() -> Result {}
            }
        };
        assert_eq!(Vec::from_iter(worlds(&block)), ["core", "stop"]);
    }

    #[test]
    fn one_audio_method_brings_the_microphone() {
        let block =
            parse_quote!(impl Bot for Voice { fn on_audio_chunk(chunk: AudioChunk) -> Result {} });
        assert_eq!(Vec::from_iter(worlds(&block)), ["audio", "core"]);
    }

    #[test]
    fn every_method_of_a_bot_belongs_to_a_world() {
        let source = syn::parse_file(include_str!("../../src/bot.rs")).unwrap();
        let methods = source.items.into_iter().filter_map(|item| match item {
            syn::Item::Trait(it) if it.ident == "Bot" => Some(it.items),
            _ => None,
        });
        let mut worlds = BTreeSet::new();
        for method in methods.flatten() {
            let syn::TraitItem::Fn(method) = method else { continue };
            let name = method.sig.ident.to_string();
            let is_core = ["on_message", "on_action"].contains(&name.as_str());
            let world = world_of(&name);
            assert!(is_core || world.is_some(), "`{name}` is exported by no world");
            worlds.extend(world);
        }
        let known = include_str!("../../src/bindings.rs").matches("\nworld!(").count();
        assert_eq!(worlds.len() + 1, known, "{worlds:?} and `core`");
    }

    #[test]
    fn a_block_that_is_no_bot_is_refused() {
        let inherent = exports(&parse_quote!(impl Echo {})).unwrap_err().to_string();
        assert!(inherent.contains("`impl Bot for …`"), "{inherent}");
        let generic = exports(&parse_quote!(
            impl<T> Bot for Echo<T> {}
        ))
        .unwrap_err()
        .to_string();
        assert!(generic.contains("no generic parameters"), "{generic}");
    }
}
