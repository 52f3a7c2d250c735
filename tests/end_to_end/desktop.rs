//! A desktop of its own: an X server, a message bus and the program, all ended when this is dropped.

use std::{
    cell::RefCell,
    io::{BufRead, BufReader},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

/// Where distributions say how the accessibility bus is started.
const SERVICE: &str = "/usr/share/dbus-1/services/org.a11y.Bus.service";
/// How long anything may take before the test gives up: a guard against hanging, not a measure.
pub(crate) const PATIENCE: Duration = Duration::from_secs(240);

/// What this machine lacks.
pub(crate) fn missing() -> Vec<&'static str> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let there = |tool: &str| std::env::split_paths(&path).any(|folder| folder.join(tool).is_file());
    let tools = ["Xvfb", "xdotool", "import", "dbus-daemon"];
    let mut missing: Vec<&str> = tools.into_iter().filter(|tool| !there(tool)).collect();
    if !Path::new(SERVICE).exists() {
        missing.push("at-spi2-core");
    }
    missing
}

/// Draws breath between two looks at something that will come.
pub(crate) fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(began.elapsed() < PATIENCE, "{what}: waited {} s in vain", PATIENCE.as_secs());
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// A process that ends with its handle.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The desktop with the program on it.
pub(crate) struct Desktop {
    // Ended in this order.
    program: RefCell<Process>,
    titles: Titles,
    _bus: Process,
    _server: Process,
    display: String,
    /// The message bus.
    pub(crate) bus: String,
    shots: PathBuf,
    log: PathBuf,
}

impl Desktop {
    /// Starts all. `home`: where the program finds settings and keeps its data.
    pub(crate) fn start(home: &Path, size: (u32, u32)) -> Self {
        let screen = format!("{}x{}x24", size.0, size.1);
        let mut server = Command::new("Xvfb");
        // A server that resets itself when its last client goes would, between two calls of xdotool, take the program along.
        server.args(["-displayfd", "1", "-screen", "0", &screen, "-nolisten", "tcp", "-noreset"]);
        let (server, number) = first_line(&mut server);
        let display = format!(":{number}");
        let runtime = home.join("runtime");
        std::fs::create_dir(&runtime).expect("a temporary folder");
        std::fs::set_permissions(&runtime, PermissionsExt::from_mode(0o700)).expect("a folder of our own");
        let mut daemon = Command::new("dbus-daemon");
        daemon.args(["--nofork", "--print-address=1"]).arg(format!("--config-file={}", config(home).display()));
        // What it starts must neither read nor change the settings of whoever runs the test.
        daemon.env("GSETTINGS_BACKEND", "memory").env("HOME", home);
        daemon.env("DISPLAY", &display).env("XDG_RUNTIME_DIR", &runtime);
        let (bus_process, bus) = first_line(&mut daemon);
        crate::screen::switch_on(&bus);
        let mut program = Command::new(env!("CARGO_BIN_EXE_addersr"));
        program
            .env("DISPLAY", &display)
            .env("DBUS_SESSION_BUS_ADDRESS", &bus)
            .env("XDG_RUNTIME_DIR", &runtime)
            .env("XDG_CONFIG_HOME", home.join("config"))
            .env("XDG_DATA_HOME", home.join("data"))
            .env("HOME", home)
            // In English, whatever the machine speaks.
            .env("LC_ALL", "C")
            .env_remove("LANGUAGE")
            // No file dialog of the machine that runs the test: the window's own field for paths is used.
            .env("PATH", "")
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("WAYLAND_SOCKET");
        let log = home.join("log");
        program.stderr(std::fs::File::create(&log).expect("a temporary folder")).stdin(Stdio::null());
        let program = RefCell::new(Process(program.spawn().expect("the program starts")));
        let shots = std::env::var_os("OUT").map(PathBuf::from);
        let shots = shots.unwrap_or_else(|| Path::new(env!("CARGO_TARGET_TMPDIR")).join("end_to_end"));
        std::fs::create_dir_all(&shots).expect("a folder for screenshots");
        let titles = Titles::watch(&display);
        let desktop = Self { program, titles, _bus: bus_process, _server: server, display, bus, shots, log };
        let search = ["search", "--onlyvisible", "--name", "AdderSR"];
        let window = until("the window", || {
            desktop.lives();
            desktop.tool("xdotool", &search).filter(|found| !found.is_empty())
        });
        let window = window.lines().next().unwrap_or_default().to_owned();
        // There is no window manager that would do it.
        desktop.must(&["windowmove", &window, "0", "0"]);
        desktop.must(&["windowsize", &window, &size.0.to_string(), &size.1.to_string()]);
        until("the keyboard", || desktop.tool("xdotool", &["windowfocus", &window]));
        desktop
    }

    /// What a tool prints; `None` if it does not succeed.
    fn tool(&self, name: &str, arguments: &[&str]) -> Option<String> {
        run(&self.display, name, arguments)
    }

    /// Pointer and keys.
    pub(crate) fn must(&self, arguments: &[&str]) {
        assert!(self.tool("xdotool", arguments).is_some(), "xdotool {}", arguments.join(" "));
    }

    /// What is drawn at a place: x, y, width, height.
    pub(crate) fn patch(&self, (x, y, w, h): (i32, i32, i32, i32)) -> Vec<u8> {
        let crop = format!("{w}x{h}+{x}+{y}");
        let mut import = Command::new("import");
        import.args(["-window", "root", "-crop", &crop, "rgb:-"]).env("DISPLAY", &self.display);
        import.output().map(|output| output.stdout).unwrap_or_default()
    }

    /// Keeps a picture of the screen.
    pub(crate) fn shot(&self, name: &str) -> PathBuf {
        let file = self.shots.join(format!("{name}.png"));
        let taken = self.tool("import", &["-window", "root", &file.to_string_lossy()]);
        assert!(taken.is_some() && file.is_file(), "a screenshot");
        file
    }

    /// Fails if the program has ended.
    pub(crate) fn lives(&self) {
        let ended = self.program.borrow_mut().0.try_wait().expect("its state is known");
        assert!(ended.is_none(), "the program ended: {ended:?}");
    }

    /// The window's title now.
    pub(crate) fn title(&self) -> Option<String> {
        self.titles.seen.lock().expect("no panic while titles are noted").last().cloned()
    }

    /// Whether the window ever had such a title.
    pub(crate) fn had_title(&self, is: impl Fn(&str) -> bool) -> bool {
        self.titles.seen.lock().expect("no panic while titles are noted").iter().any(|title| is(title))
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let said = std::fs::read_to_string(&self.log).unwrap_or_default();
            let titles = self.titles.seen.lock().map(|seen| seen.clone()).unwrap_or_default();
            let ended = self.program.borrow_mut().0.try_wait();
            eprintln!("titles: {titles:?}\nended: {ended:?}\nthe program said:\n{said}");
            let file = self.shots.join("failure.png");
            // No assertion here: a second panic would hide the first.
            let _ = self.tool("import", &["-window", "root", &file.to_string_lossy()]);
        }
    }
}

/// Every title that the window has had: what is shown for half a second must not be missed.
struct Titles {
    seen: Arc<Mutex<Vec<String>>>,
    end: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Titles {
    fn watch(display: &str) -> Self {
        let (seen, end) = (Arc::new(Mutex::new(Vec::<String>::new())), Arc::new(AtomicBool::new(false)));
        let (notes, over, display) = (seen.clone(), end.clone(), display.to_owned());
        let watch = move || {
            while !over.load(Ordering::Relaxed) {
                let title =
                    run(&display, "xdotool", &["search", "--onlyvisible", "--name", "AdderSR", "getwindowname"]);
                if let Some(title) = title
                    && let Ok(mut seen) = notes.lock()
                    && seen.last() != Some(&title)
                {
                    seen.push(title);
                }
                std::thread::sleep(Duration::from_millis(50));
            }
        };
        Self { seen, end, thread: Some(std::thread::spawn(watch)) }
    }
}

impl Drop for Titles {
    fn drop(&mut self) {
        self.end.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // A panic there ends the noting, which the assertions see.
            let _ = thread.join();
        }
    }
}

fn run(display: &str, name: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(name).args(arguments).env("DISPLAY", display).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Starts a process that tells something in its first line, then works on.
fn first_line(command: &mut Command) -> (Process, String) {
    command.stdout(Stdio::piped()).stderr(Stdio::null()).stdin(Stdio::null());
    let mut process = Process(command.spawn().expect("it is installed"));
    let told = process.0.stdout.take().expect("it was asked for");
    let mut line = String::new();
    BufReader::new(told).read_line(&mut line).expect("it tells where it listens");
    assert!(!line.trim().is_empty(), "{command:?} did not start");
    (process, line.trim().to_owned())
}

/// A bus that starts nothing but accessibility: no portal of the machine that runs the test answers in its place.
fn config(home: &Path) -> PathBuf {
    let services = home.join("services");
    std::fs::create_dir(&services).expect("a temporary folder");
    std::fs::copy(SERVICE, services.join("org.a11y.Bus.service")).expect("it was found");
    let text = format!(
        "<!DOCTYPE busconfig PUBLIC '-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN' \
         'http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd'>\n<busconfig><type>session</type>\
         <listen>unix:dir={}</listen><servicedir>{}</servicedir><policy context='default'><allow send_destination='*' \
         eavesdrop='true'/><allow eavesdrop='true'/><allow own='*'/></policy></busconfig>\n",
        home.join("runtime").display(),
        services.display()
    );
    let file = home.join("bus.conf");
    std::fs::write(&file, text).expect("a temporary folder");
    file
}
