//! Guests that do harm: they loop, hoard, crash, flood and reach for what is not theirs. Each is cut with a name, and its chat goes on.

use chinwag_tests::client::{Client, bubbles};

use crate::world::World;

/// What is said to which bot, and how its turn ends: a code in the error, or the begin of an answer.
const ATTACKS: [(&str, &str, &str); 22] = [
    ("spinner", "spin", "`cpu-limit`"),
    ("hoarder", "hoard", "`memory-limit`"),
    ("hoarder", "hoard 40", "held 40 MiB"),
    ("crasher", "err", "`bot-error`"),
    ("crasher", "trap", "`trap`"),
    ("crasher", "trap-stream", "`trap`"),
    ("crasher", "panic", "`trap`"),
    ("crasher", "exit", "`trap`"),
    ("crasher", "recurse", "`trap`"),
    ("flooder", "flood", "`emit-limit`"),
    ("flooder", "flood tokens", "`emit-limit`"),
    ("flooder", "flood log", "`cpu-limit`"),
    ("rogue", "handles", "`emit-limit`"),
    ("rogue", "steps", "refused too-many-open"),
    ("rogue", "keys", "refused quota-exceeded"),
    ("rogue", "value 2000000", "refused quota-exceeded"),
    ("rogue", "value 30000000", "`memory-limit`"),
    ("rogue", "audio 3000000", "refused too-large"),
    ("rogue", "replace 20", "allowed 20"),
    ("rogue", "hide", "refused unknown-element"),
    ("rogue", "print", "`cpu-limit`"),
    ("rogue", "update 00000000-0000-4000-8000-000000000000", "refused unknown-message"),
];

/// All attacks, one after the other, each in a tab of its own.
pub(crate) async fn attack(world: World, number: usize) {
    let user = world.user(&format!("villain {number}")).await;
    for (bot, word, end) in ATTACKS {
        let mut browser = user.open(bot).await;
        browser.turn(word).await;
        let screen = browser.screen();
        let ends = |text: &String| text.contains(end);
        assert!(
            screen.texts().iter().any(ends),
            "`{bot}` {word}: no {end}: {:?}",
            screen.texts().last()
        );
        let open = screen.steps.iter().find(|step| step["streaming"] == true);
        assert!(open.is_none() && !screen.is_loading, "`{bot}` {word}: left open: {open:?}");
        let events = browser.turn("are you well?").await;
        assert_eq!(bubbles(&events), ["are you well?"], "`{bot}` {word}: the chat is stuck");
        world.done("attacks of guests");
        if !world.think(2_000).await {
            break;
        }
    }
}
