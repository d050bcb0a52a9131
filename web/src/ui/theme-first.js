// Runs before the first paint, so that a remembered theme never flashes.
try {
    const theme = localStorage.getItem("taskflow:theme");
    if (theme) document.documentElement.dataset.theme = theme;
} catch {
    // Storage is closed: the system's theme stays.
}
