//! What is on the screen, as the accessibility bus (AT-SPI) tells it: names, kinds and places.

use super::desktop::{Desktop, until};
use pollster::block_on;
use std::time::{Duration, Instant};
use zbus::{
    Connection, Error,
    connection::Builder,
    zvariant::{DynamicType, OwnedObjectPath, OwnedValue, Value},
};

/// Kinds of controls, by their numbers in AT-SPI.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Runs something.
    Button = 43,
    /// Is chosen.
    Toggle = 62,
    /// Is dragged.
    Slider = 51,
    /// Holds a number.
    Number = 52,
    /// Holds a text.
    Entry = 79,
}

/// Something on the screen.
#[derive(Clone, Debug)]
pub(crate) struct Thing {
    name: String,
    role: u32,
    /// x, y, width, height.
    place: (i32, i32, i32, i32),
    enabled: bool,
}

impl Thing {
    fn middle(&self) -> (i32, i32) {
        let (x, y, w, h) = self.place;
        (x + w / 2, y + h / 2)
    }
}

const DESKTOP: (&str, &str) = ("org.a11y.Bus", "/org/a11y/bus");

async fn call<B: serde::Serialize + DynamicType>(
    bus: &Connection,
    (to, path): (&str, &str),
    method: (&str, &str),
    body: &B,
) -> Result<zbus::Message, Error> {
    bus.call_method(Some(to), path, Some(method.0), method.1, body).await
}

/// Says that somebody needs accessible names: programs publish none before that.
pub(crate) fn switch_on(address: &str) {
    let on = async {
        let bus = Builder::address(address)?.build().await?;
        let set = ("org.freedesktop.DBus.Properties", "Set");
        call(&bus, DESKTOP, set, &("org.a11y.Status", "IsEnabled", Value::from(true))).await
    };
    block_on(on).expect("the accessibility bus starts");
}

/// Eyes and hands.
pub(crate) struct Screen {
    /// Where it all happens.
    pub(crate) desktop: Desktop,
    bus: Connection,
}

impl Screen {
    /// Looks at a desktop.
    pub(crate) fn new(desktop: Desktop) -> Self {
        let connect = async {
            let session = Builder::address(desktop.bus.as_str())?.build().await?;
            let address: String =
                call(&session, DESKTOP, ("org.a11y.Bus", "GetAddress"), &()).await?.body().deserialize()?;
            Builder::address(address.as_str())?.build().await
        };
        let bus = block_on(connect).expect("the accessibility bus answers");
        Self { desktop, bus }
    }

    /// Everything that has a name and a place; `None` while it changes under our eyes.
    fn things(&self) -> Option<Vec<Thing>> {
        let mut things = Vec::new();
        let mut open = vec![("org.a11y.atspi.Registry".to_owned(), "/org/a11y/atspi/accessible/root".to_owned())];
        let look = async {
            while let Some((owner, path)) = open.pop() {
                let of = (owner.as_str(), path.as_str());
                let accessible = "org.a11y.atspi.Accessible";
                let children: Vec<(String, OwnedObjectPath)> =
                    call(&self.bus, of, (accessible, "GetChildren"), &()).await?.body().deserialize()?;
                open.extend(children.into_iter().map(|(owner, path)| (owner, path.to_string())));
                let get = ("org.freedesktop.DBus.Properties", "Get");
                let name: OwnedValue = call(&self.bus, of, get, &(accessible, "Name")).await?.body().deserialize()?;
                let name = String::try_from(name).unwrap_or_default();
                if name.is_empty() {
                    continue;
                }
                let role: u32 = call(&self.bus, of, (accessible, "GetRole"), &()).await?.body().deserialize()?;
                let states: Vec<u32> =
                    call(&self.bus, of, (accessible, "GetState"), &()).await?.body().deserialize()?;
                let component = ("org.a11y.atspi.Component", "GetExtents");
                // Programs and the desktop have a name and no place.
                let Ok(place) = call(&self.bus, of, component, &0u32).await else { continue };
                let place = place.body().deserialize()?;
                let enabled = states.first().is_some_and(|s| s & (1 << 8) != 0);
                things.push(Thing { name, role, place, enabled });
            }
            Ok::<(), Error>(())
        };
        block_on(look).ok().map(|()| things)
    }

    /// For a test that fails: what there was to see.
    fn confess(&self) {
        let things = self.things().unwrap_or_default();
        let names: Vec<&str> = things.iter().map(|t| t.name.as_str()).collect();
        eprintln!("on the screen: {names:?}");
    }

    fn find(&self, is: impl Fn(&Thing) -> bool) -> Option<Thing> {
        self.things()?.into_iter().find(is)
    }

    /// Waits for a control and returns it.
    fn wait(&self, kind: Kind, name: &str) -> Thing {
        until(&format!("the {kind:?} `{name}`"), || self.find(|t| t.name == name && t.role == kind as u32 && t.enabled))
    }

    /// Waits until some words are on the screen; all of the text that has them.
    pub(crate) fn reads(&self, words: &str) -> String {
        until(&format!("the words `{words}`"), || self.find(|t| t.name.contains(words))).name
    }

    /// Waits until a text of exactly these words is on the screen.
    pub(crate) fn says(&self, words: &str) {
        until(&format!("the text `{words}`"), || self.find(|t| t.name == words));
    }

    /// Waits until some words are gone.
    pub(crate) fn gone(&self, words: &str) {
        until(&format!("`{words}` to go"), || {
            let things = self.things()?;
            (!things.iter().any(|t| t.name.contains(words))).then_some(())
        });
    }

    /// Does something and waits until it shows at this place. A person sees a button light up before they click; what comes
    /// all at once between two frames of a busy machine would be lost. Where nothing shows, the story goes on all the same.
    fn seen(&self, place: (i32, i32, i32, i32), act: impl FnOnce()) {
        let before = self.desktop.patch(place);
        act();
        let began = Instant::now();
        while self.desktop.patch(place) == before && began.elapsed() < Duration::from_secs(2) {
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn point_at(&self, kind: Kind, name: &str) -> Thing {
        let thing = self.wait(kind, name);
        let (x, y) = thing.middle();
        self.seen(thing.place, || self.desktop.must(&["mousemove", &x.to_string(), &y.to_string()]));
        thing
    }

    /// Waits for a control and clicks it.
    pub(crate) fn click(&self, kind: Kind, name: &str) {
        self.point_at(kind, name);
        self.desktop.must(&["click", "1"]);
    }

    /// Puts a text in the place of what a field holds, and ends with Enter.
    pub(crate) fn enter(&self, kind: Kind, name: &str, text: &str) {
        let field = self.point_at(kind, name);
        self.seen(field.place, || self.desktop.must(&["click", "1"]));
        self.seen(field.place, || {
            self.desktop.must(&["key", "ctrl+a"]);
            self.desktop.must(&["type", "--delay", "8", text]);
        });
        self.desktop.must(&["key", "Return"]);
    }

    /// Drags a slider's handle by so many pixels to the right; where its middle was and is.
    pub(crate) fn drag(&self, name: &str, by: i32) -> (i32, i32) {
        let (x, y) = self.wait(Kind::Slider, name).middle();
        let go = |x: i32| self.desktop.must(&["mousemove", &x.to_string(), &y.to_string()]);
        let now = || self.find(|t| t.name == name).map(|t| t.middle().0);
        go(x);
        self.desktop.must(&["mousedown", "1"]);
        // Pressed, moved and released between two frames is no drag: it is moved until it follows.
        let mut step = 0;
        until("the line to follow the pointer", || {
            step += 4;
            go(x + step);
            (now()? != x).then_some(())
        });
        go(x + by);
        let moved = until("the line to arrive", || now().filter(|at| (at - x - by).abs() <= 2));
        self.desktop.must(&["mouseup", "1"]);
        (x, moved)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.confess();
        }
    }
}
