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

/// A control's address: the tab in which it stands, what it is, and its name. Several tabs have an "Export…": a name alone
/// would find that of the tab which is about to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Control<'a> {
    /// The tab's title; `None` for the bar above and for dialogs.
    tab: Option<&'a str>,
    kind: Kind,
    name: &'a str,
}

impl std::fmt::Display for Control<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the {:?} `{}` of {}", self.kind, self.name, self.tab.unwrap_or("the bar or a dialog"))
    }
}

/// A control of a tab.
pub(crate) const fn of<'a>(tab: &'a str, kind: Kind, name: &'a str) -> Control<'a> {
    Control { tab: Some(tab), kind, name }
}

/// A control of the bar above the tabs, or of a dialog.
pub(crate) const fn above(kind: Kind, name: &str) -> Control<'_> {
    Control { tab: None, kind, name }
}

/// Something on the screen.
#[derive(Clone, Debug)]
pub(crate) struct Thing {
    tab: Option<String>,
    name: String,
    role: u32,
    /// x, y, width, height.
    place: (i32, i32, i32, i32),
    enabled: bool,
    /// Whether it is chosen, pressed or ticked.
    on: bool,
    /// What a field for numbers holds.
    value: Option<f64>,
    /// What a field for a text holds.
    text: Option<String>,
}

/// What is on the screen at one time.
pub(crate) struct Seen(Vec<Thing>);

impl Seen {
    fn get(&self, control: Control<'_>) -> Option<&Thing> {
        let is = |t: &&Thing| {
            t.tab.as_deref() == control.tab && t.name == control.name && t.role == control.kind as u32 && t.enabled
        };
        self.0.iter().find(is)
    }

    /// Whether a control is there and can be used.
    pub(crate) fn has(&self, control: Control<'_>) -> bool {
        self.get(control).is_some()
    }

    /// Whether a control is chosen.
    pub(crate) fn is_on(&self, control: Control<'_>) -> bool {
        self.get(control).is_some_and(|t| t.on)
    }

    /// Whether a field holds this number.
    pub(crate) fn holds(&self, control: Control<'_>, number: f64) -> bool {
        self.get(control).and_then(|t| t.value).is_some_and(|v| (v - number).abs() < 1e-6)
    }

    /// Whether a field holds this text.
    pub(crate) fn has_text(&self, control: Control<'_>, text: &str) -> bool {
        self.get(control).is_some_and(|t| t.text.as_deref() == Some(text))
    }

    /// Whether this tab is in front.
    pub(crate) fn shows(&self, tab: &str) -> bool {
        self.0.iter().any(|t| t.tab.as_deref() == Some(tab))
    }

    /// Whether some words are on the screen.
    pub(crate) fn reads(&self, words: &str) -> bool {
        self.0.iter().any(|t| t.name.contains(words))
    }
}

impl Thing {
    fn middle(&self) -> (i32, i32) {
        let (x, y, w, h) = self.place;
        (x + w / 2, y + h / 2)
    }
}

/// Numbers of AT-SPI: a tab's panel as accesskit tells it (one with a name; other panes have none), and the states "checked", "enabled", "pressed" and "selected".
const TAB_PANEL: u32 = 49;
const ENABLED: u32 = 1 << 8;
const ON: u32 = 1 << 4 | 1 << 20 | 1 << 23;
/// After so long a click is held to have had no effect, and is made again. Long enough for a slow answer of a busy machine.
const ANSWER: Duration = Duration::from_secs(20);

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
    fn look(&self) -> Option<Seen> {
        if !std::thread::panicking() {
            self.desktop.lives();
        }
        let mut things = Vec::new();
        let root = ("org.a11y.atspi.Registry".to_owned(), "/org/a11y/atspi/accessible/root".to_owned());
        let mut open: Vec<((String, String), Option<String>)> = vec![(root, None)];
        let look = async {
            while let Some(((owner, path), tab)) = open.pop() {
                let of = (owner.as_str(), path.as_str());
                let accessible = "org.a11y.atspi.Accessible";
                let get = ("org.freedesktop.DBus.Properties", "Get");
                let name: OwnedValue = call(&self.bus, of, get, &(accessible, "Name")).await?.body().deserialize()?;
                let name = String::try_from(name).unwrap_or_default();
                let role: u32 = call(&self.bus, of, (accessible, "GetRole"), &()).await?.body().deserialize()?;
                let below = if role == TAB_PANEL && !name.is_empty() { Some(name.clone()) } else { tab.clone() };
                let children: Vec<(String, OwnedObjectPath)> =
                    call(&self.bus, of, (accessible, "GetChildren"), &()).await?.body().deserialize()?;
                open.extend(children.into_iter().map(|(owner, path)| ((owner, path.to_string()), below.clone())));
                if name.is_empty() {
                    continue;
                }
                let states: Vec<u32> =
                    call(&self.bus, of, (accessible, "GetState"), &()).await?.body().deserialize()?;
                let component = ("org.a11y.atspi.Component", "GetExtents");
                // Programs and the desktop have a name and no place.
                let Ok(place) = call(&self.bus, of, component, &0u32).await else { continue };
                let place = place.body().deserialize()?;
                let mut value = None;
                if role == Kind::Number as u32 {
                    let now = call(&self.bus, of, get, &("org.a11y.atspi.Value", "CurrentValue")).await;
                    value = now.ok().and_then(|n| n.body().deserialize::<OwnedValue>().ok()?.try_into().ok());
                }
                let mut text = None;
                if role == Kind::Entry as u32 {
                    let now = call(&self.bus, of, ("org.a11y.atspi.Text", "GetText"), &(0i32, -1i32)).await;
                    text = now.ok().and_then(|n| n.body().deserialize().ok());
                }
                let has = |state: u32| states.first().is_some_and(|s| s & state != 0);
                things.push(Thing { tab, name, role, place, enabled: has(ENABLED), on: has(ON), value, text });
            }
            Ok::<(), Error>(())
        };
        block_on(look).ok().map(|()| Seen(things))
    }

    /// For a test that fails: what there was to see.
    fn confess(&self) {
        let seen = self.look().map(|seen| seen.0).unwrap_or_default();
        let names: Vec<(&str, &str)> = seen.iter().map(|t| (t.tab.as_deref().unwrap_or(""), t.name.as_str())).collect();
        eprintln!("on the screen: {names:?}");
    }

    /// Waits for a control and returns it.
    fn wait(&self, control: Control<'_>) -> Thing {
        until(&control.to_string(), || self.look()?.get(control).cloned())
    }

    /// Waits until some words are on the screen; all of the text that has them.
    pub(crate) fn reads(&self, words: &str) -> String {
        let text = || self.look()?.0.into_iter().find(|t| t.name.contains(words));
        until(&format!("the words `{words}`"), text).name
    }

    /// Waits until a text of exactly these words is on the screen.
    pub(crate) fn says(&self, words: &str) {
        until(&format!("the text `{words}`"), || self.look()?.0.into_iter().find(|t| t.name == words));
    }

    /// Waits until some words are gone.
    pub(crate) fn gone(&self, words: &str) {
        until(&format!("`{words}` to go"), || (!self.look()?.reads(words)).then_some(()));
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

    fn point_at(&self, thing: &Thing) {
        let (x, y) = thing.middle();
        self.seen(thing.place, || self.desktop.must(&["mousemove", &x.to_string(), &y.to_string()]));
    }

    /// Does something until it has its effect: while `ready` finds what it needs, again after each [`ANSWER`].
    fn again(
        &self,
        what: &str,
        ready: impl Fn(&Seen) -> Option<Thing>,
        act: impl Fn(&Thing),
        done: impl Fn(&Seen) -> bool,
    ) {
        let mut acted: Option<Instant> = None;
        until(what, || {
            let seen = self.look()?;
            if acted.is_some() && done(&seen) {
                return Some(());
            }
            if acted.is_none_or(|at| at.elapsed() > ANSWER) {
                act(&ready(&seen)?);
                acted = Some(Instant::now());
            }
            None
        });
    }

    /// Waits for a control and clicks it, again if nothing comes of it.
    pub(crate) fn click(&self, control: Control<'_>, done: impl Fn(&Seen) -> bool) {
        let act = |thing: &Thing| {
            self.point_at(thing);
            self.desktop.must(&["click", "1"]);
        };
        self.again(&format!("{control} to answer a click"), |seen| seen.get(control).cloned(), act, done);
    }

    /// Clicks what is chosen by it.
    pub(crate) fn choose(&self, control: Control<'_>) {
        self.click(control, |seen| seen.is_on(control));
    }

    /// Brings a tab to the front.
    pub(crate) fn show(&self, tab: &str) {
        self.click(above(Kind::Toggle, tab), |seen| seen.shows(tab));
    }

    /// Puts a text in the place of what a field holds, and ends with Enter; again if nothing comes of it.
    pub(crate) fn enter(&self, control: Control<'_>, text: &str, done: impl Fn(&Seen) -> bool) {
        let act = |field: &Thing| {
            self.point_at(field);
            self.seen(field.place, || self.desktop.must(&["click", "1"]));
            self.seen(field.place, || {
                self.desktop.must(&["key", "ctrl+a"]);
                self.desktop.must(&["type", "--delay", "8", text]);
            });
            // Keys that are lost on the way would make another text: it is then typed again.
            let began = Instant::now();
            let typed = || control.kind != Kind::Entry || self.look().is_some_and(|seen| seen.has_text(control, text));
            while !typed() && began.elapsed() < ANSWER {
                std::thread::sleep(Duration::from_millis(100));
            }
            if typed() {
                self.desktop.must(&["key", "Return"]);
            }
        };
        self.again(&format!("{control} to take `{text}`"), |seen| seen.get(control).cloned(), act, done);
    }

    /// Drags a slider's handle by so many pixels to the right; where its middle was and is.
    pub(crate) fn drag(&self, slider: Control<'_>, by: i32) -> (i32, i32) {
        let (x, y) = self.wait(slider).middle();
        let go = |x: i32| self.desktop.must(&["mousemove", &x.to_string(), &y.to_string()]);
        let now = || self.look()?.get(slider).map(|t| t.middle().0);
        let press = || {
            go(x);
            self.desktop.must(&["mousedown", "1"]);
            Instant::now()
        };
        let (mut step, mut pressed) = (0, press());
        // Pressed, moved and released between two frames is no drag: it is moved until it follows.
        until(&format!("{slider} to follow the pointer"), || {
            if pressed.elapsed() > ANSWER {
                self.desktop.must(&["mouseup", "1"]);
                (step, pressed) = (0, press());
            }
            step += 4;
            go(x + step);
            (now()? != x).then_some(())
        });
        go(x + by);
        let moved = until(&format!("{slider} to arrive"), || now().filter(|at| (at - x - by).abs() <= 2));
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
