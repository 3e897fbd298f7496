//! Who takes part, how many of each, and that each begins anew when a story is over.

use std::{future::Future, pin::Pin};

use tokio::task::JoinSet;

use crate::{attempt::attempt, comers, operator, people, strangers, villains, world::World};

/// One story, told by the one of its role who has this number.
type Story = fn(World, usize) -> Pin<Box<dyn Future<Output = ()> + Send>>;

struct Role {
    name: &'static str,
    count: usize,
    story: Story,
}

const CAST: [Role; 14] = [
    Role { name: "chats", count: 8, story: |world, n| Box::pin(people::chat(world, n)) },
    Role { name: "streams", count: 2, story: |world, n| Box::pin(people::stream(world, n)) },
    Role { name: "sound", count: 1, story: |world, n| Box::pin(people::speak(world, n)) },
    Role { name: "questions", count: 2, story: |world, n| Box::pin(people::answer(world, n)) },
    Role { name: "questions left", count: 4, story: |world, n| Box::pin(people::leave(world, n)) },
    Role { name: "reconnects", count: 2, story: |world, n| Box::pin(comers::reconnect(world, n)) },
    Role {
        name: "new sessions",
        count: 1,
        story: |world, n| Box::pin(comers::come_and_go(world, n)),
    },
    Role { name: "files", count: 1, story: |world, n| Box::pin(comers::attach(world, n)) },
    Role { name: "threads", count: 1, story: |world, n| Box::pin(comers::resume(world, n)) },
    Role {
        name: "chats across swaps",
        count: 2,
        story: |world, n| Box::pin(operator::chat(world, n)),
    },
    Role { name: "swaps", count: 1, story: |world, _| Box::pin(operator::swap(world)) },
    Role { name: "new bots", count: 1, story: |world, _| Box::pin(operator::come_and_go(world)) },
    Role {
        name: "hostile guests",
        count: 1,
        story: |world, n| Box::pin(villains::attack(world, n)),
    },
    Role {
        name: "hostile clients",
        count: 1,
        story: |world, n| Box::pin(strangers::disturb(world, n)),
    },
];

/// All begin whose roles are named; all if none is.
///
/// # Panics
/// There is no such role.
pub(crate) fn begin(world: &World, only: &[String]) -> JoinSet<()> {
    let unknown = only.iter().find(|name| CAST.iter().all(|role| role.name != **name));
    assert!(unknown.is_none(), "there is no role {unknown:?}: {:?}", CAST.map(|role| role.name));
    let mut cast = JoinSet::new();
    for role in CAST.iter().filter(|role| only.is_empty() || only.iter().any(|it| it == role.name))
    {
        world.told(role.name, 0);
        for number in 0..role.count {
            cast.spawn(play(world.clone(), role, number));
        }
    }
    cast
}

/// Tells the story again and again, however it ends.
async fn play(world: World, role: &'static Role, number: usize) {
    // Not all in the same moment.
    world.think(number as u64 * 300).await;
    while !world.is_over() {
        match attempt((role.story)(world.clone(), number)).await {
            Ok(()) => world.told(role.name, 1),
            Err(why) => {
                world.wrong(role.name, why);
                // A server that is gone would have a bad end for us without pause.
                world.think(2_000).await;
            }
        }
    }
}
