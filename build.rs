//! Gives the program its icon and manifest on Windows; elsewhere there is nothing to do.

fn main() {
    println!("cargo:rerun-if-changed=packaging/windows");
    #[cfg(windows)]
    {
        let mut resource = winresource::WindowsResource::new();
        resource.set_icon("packaging/windows/addersr.ico").set_manifest_file("packaging/windows/addersr.manifest");
        resource.compile().expect("rc.exe, which comes with the compiler, makes the resources");
    }
}
