# What the window says, in English: the language that every message exists in. Arguments stand in { $braces }; how to add a
# language is said in CONTRIBUTING.md.

## The frame around the tabs

no-window = the window cannot be opened: { $error }; `addersr upscale PHOTO` enlarges without one (`addersr --help` lists all)
open-photo = Open a photo
open = Open
open-ask = Open…
open-ask-tip = Open a photo (Ctrl+O), or drop one anywhere
photo-previous = Previous photo in the folder (Page Up in Enhance)
photo-next = Next photo in the folder (Page Down in Enhance)
photo-first = First photo in the folder
photo-last = Last photo in the folder
strip-show = Show the film strip (T in Enhance)
strip-hide = Hide the film strip (T in Enhance)
hint-photo = /path/to/photo.jpg
theme-button = Light or dark theme
settings = Settings
interface-size = Interface size
interface-smaller = Smaller (Ctrl+−)
interface-larger = Larger (Ctrl++)
threads = Processor threads
threads-all = All
threads-tip = How many of the processor's { $cores } threads compute: drag, or click to type; 0 means all. From the next start on.
language = Language
language-system = System
language-no-font = The system has no font with the characters of this language. Install one, such as Noto Sans CJK, and start again.
device = Device
automatic = Automatic
device-cpu = CPU
device-search = Search for graphics cards

## The list of keys

keys = Keyboard shortcuts
keys-button = Keyboard shortcuts (?)
keys-everywhere = Everywhere
key-ctrl-o = Ctrl+O
key-ctrl-1-4 = Ctrl+1 … Ctrl+4
keys-tabs = Enhance, Layers, Batch, Train
key-zoom-window = Ctrl++  Ctrl+−  Ctrl+0
keys-full-screen = Full screen, the picture alone (Esc leaves it)
key-enter-esc = Enter   Esc
keys-dialog = Confirm or close a dialog
keys-this-list = This list

## Reports of faults

report-copy = Copy report
report-copy-tip = Version, devices, drivers, limits, models, settings and the latest log lines, as text to paste into a bug report
report-failed = The report could not be made because a driver failed. Choose the CPU as the device and try again.
report-copied = { $lines ->
    [one] A report of { $lines } line is on the clipboard.
   *[other] A report of { $lines } lines is on the clipboard.
}

## The tabs

tab-enhance = Enhance
tab-layers = Layers
tab-batch = Batch
tab-train = Train
tab-enhance-tip = Enlarge a photo and compare before and after (Ctrl+1)
tab-layers-tip = Look inside the network, layer by layer (Ctrl+2)
tab-batch-tip = Enlarge many photos and folders (Ctrl+3)
tab-train-tip = Fine-tune a model on your own pictures (Ctrl+4)
drop-open = Drop to open this file
drop-batch = Drop to add these files to Batch
drop-train = Drop to train on these pictures

## What several tabs share

ended-export = Export has ended: { $name }
ended-batch = The batch has ended
ended-training = Training has ended: { $name }
background-fill = Fill transparent areas
background-fill-tip = JPEG has no transparency and needs a background
background-colour = Background colour
dialog-confirm-tip = { $tip } (Enter)
cancel = Cancel
cancel-tip = Close without doing anything (Esc)
undo-button = Undo (Ctrl+Z)
redo-button = Redo (Ctrl+Shift+Z)
chart-axes = Horizontal: { $across } · vertical: { $up }
dismiss = Dismiss
open-file-tip = Open the file in its usual program
show-in-folder = Show in folder
open-folder = Open folder
cannot-open = { $path } could not be opened: { $error }
kind-auto = Auto
kind-auto-hint = Chosen for this photo
kind-auto-tip = Detects JPEG compression, noise and blur, and chooses the model for each picture
kind-clean = Clean
kind-fast = Fast
kind-fast-hint = For sharp, clean pictures; the quickest
kind-fast-tip = Sharp, without noise or compression artefacts: scans, drawings, pictures that were scaled down. The quickest of all
kind-best = Best
kind-best-hint = The same, finer and slower
kind-best-tip = For the same sharp, clean pictures as Fast: a little closer to the original, and several times slower
kind-camera = Camera
kind-camera-tip = Straight from a camera or phone: slightly blurred, noisy, JPEG-compressed; enlarged faithfully
kind-camera-hint = For phones and cameras; faithful
kind-photo = Photo
kind-photo-tip = The same, but sharper; Strength blends between the Camera model's result and this one
kind-photo-hint = The same, sharper and slower
strength = Strength
strength-tip = How much of the network's effect you see: at 0 % the result is bicubic, or with a Photo model that of the Camera model
ensemble = Ensemble: eight times slower
ensemble-tip = Best quality: the mean of eight flipped and rotated enlargements is a little closer to the original, and takes eight times as long
pictures = Pictures
weights = Models
replace-question = A file with this name already exists. Replace it?
path-question = Your system has no file dialog. Enter the path here.
path = Path
replace = Replace
path-tip = Use this path
no-file = There is no file { $path }.
is-folder = { $path } is a folder; enter the name of a file.
no-folder = There is no folder { $path }.
is-file = { $path } is a file; choose a folder.

## Numbers with units

duration-moment = under 1 s
duration-s = { $s } s
duration-min = { $min } min
duration-min-s = { $min } min { $s } s
duration-h-min = { $h } h { $min } min

## Batch

pause = Pause
resume = Resume
resume-tip = Continue
stop = Stop
stopping = Stopping…
batch-export = Export { $n } of { $all }
batch-export-tip = Enlarge all pictures that are ready
batch-pause-tip = Free the device; the current picture is continued later
batch-stop-tip = Stop within a tile; what is done stays, the rest can be exported later
batch-retry = Retry failed
batch-retry-tip = Check failed pictures again and export those that work now
batch-again = Export again
batch-again-tip = Export the pictures that are done once more, with the current settings
batch-report = Save report…
batch-report-tip = What became of every picture, as a table (CSV) or JSON
batch-looking = Scanning files… { $n }
batch-megapixels = { $from } → { $to } MP
batch-count-done = { $n } done
batch-count-skipped = { $n } skipped
batch-count-failed = { $n } failed
about-time = about { $time }
n-of-all = { $n } of { $all }
about-time-left = about { $time } left
batch-share = { $percent } % of the batch
batch-offer = { $n ->
    [one] A batch was interrupted: { $n } picture is done.
   *[other] A batch was interrupted: { $n } pictures are done.
}
batch-offer-resume-tip = Open the list again and export the rest
batch-offer-discard = Discard
batch-offer-discard-tip = Forget the list; results that are done stay
batch-empty = Enlarge many photos
batch-empty-hint = Drop photos and folders here. You see what will be made before anything is written.
key-undo-redo = Ctrl+Z   Ctrl+Shift+Z
keys-undo-redo = Undo and redo settings
batch-taken-skip = Skip
batch-taken-skip-tip = Leave the picture out; the list says so
batch-taken-number = Number
batch-taken-number-tip = Name the result name-2, name-3 and so on
batch-taken-replace-tip = Replace the existing file, but never a picture of this list
add-files = Add files…
batch-add-files-tip = Add pictures to the list, even while it runs; or drop them on the window
add-folder = Add folder…
add-folder-tip = Add all pictures in a folder and its subfolders
batch-clear = Clear
batch-clear-tip = Empty the list; no files are touched
batch-place = Save to
batch-place-beside = Next to the original
batch-place-beside-tip = In the picture's own folder, under another name
batch-place-folder = A folder…
batch-place-folder-tip = In one folder, with the structure of the folders that you add
spoken-choice = { $name }: { $chosen }
size = Size
size-factor = Factor
size-width = Width
size-height = Height
size-long-edge = Long edge
size-print = Print
size-print-tip = Longer side on paper
size-dpi-tip = Pixels per inch; the file states them
size-unit-tip = Centimetres or inches
size-presets = Presets
size-presets-tip = Sizes for screens, and for paper at 300 dpi
unit-cm = cm
unit-inch = in
dpi-suffix = {" "}dpi
preset-hd = Full HD (1920 px)
preset-4k = 4K (3840 px)
preset-8k = 8K (7680 px)
preset-paper = { $name } · { $dpi } dpi
crop = Crop
crop-tip = Draw the part to export over the picture (R)
crop-view = What is in view
crop-view-tip = Export the part that is seen now
crop-none = All
crop-none-tip = Export the whole photo again (Esc)
batch-size-by = Size by
batch-size-by-tip = By a factor, or to an exact side in pixels
drag-or-type = Drag, or click to type
model = Model
batch-model-tip = The name says what kind of picture the model is for; the size says which one it is
format = Format
batch-format-same = Same as source
batch-format-tip = PNG, WebP and TIFF are lossless; JPEG is small
batch-format-same-tip = PNG for formats that can be read but not written
batch-quality-prefix = quality{" "}
batch-quality-tip = JPEG quality: 95 is hard to tell from the original
quality = Quality
srgb = Convert colours to sRGB
srgb-tip = For programs and sites that know no colour profiles; otherwise the picture's own profile is kept
strict = Refuse damaged pictures
strict-tip = Otherwise what is left of them is enlarged, with a note
batch-metadata = Keep metadata
batch-metadata-tip = Copy colour profile, EXIF, XMP and resolution to the result
batch-names = File names
batch-template = Name template
batch-template-tip = {"{name} {scale} {model} {w} {h} {n}"} are filled in for each picture
batch-taken = If the file exists
add-pictures = Add pictures
add = Add
add-a-folder = Add a folder
batch-out = Folder for results
use = Choose
batch-report-csv = Table
batch-report-json = JSON
batch-report-save = Save the report
save = Save
hint-picture = /path/to/picture.png
hint-pictures = /path/to/pictures
hint-results = /path/to/results
hint-report = /path/to/report.csv
batch-stopped = { $failed ->
    [0] Stopped: { $done } of { $all } done
   *[other] Stopped: { $done } of { $all } done, { $failed } failed
}
batch-finished = { $failed ->
    [0] Finished: { $done } of { $all } done
   *[other] Finished: { $done } of { $all } done, { $failed } failed
}
batch-column-picture = Picture
batch-column-result = Result
batch-column-time = Time
batch-column-out = Output file
batch-column-status = Status
batch-ready = Ready
batch-ready-as = Ready: { $kind }
batch-reading = Reading
batch-saving = Saving
batch-skipped = Skipped: { $reason }
batch-refused = Can't export: { $reason }
batch-unreadable = Can't read: { $reason }
batch-failed = Failed: { $reason }
batch-remove = Remove { $name } from the list
batch-row-tip = { $from } → { $to }  { $time }
batch-done = Done
batch-done-notes = Done: { $notes }

## Enhance

start-open = Open photo…
start-drop = or drop one here, or paste it (Ctrl+V)
start-hint = Your photo is never changed: nothing is written until you export.
recent = Recent photos
recent-clear = Clear list
recent-clear-tip = Forget which photos were open; no files are touched
open-sample = Open the sample
open-sample-tip = A small photo that ships with the program
key-wheel = Wheel, pinch
enhance-keys-wheel = Zoom to the pointer
key-drag = Drag
enhance-keys-drag = Move the picture
enhance-keys-f-1 = Fit, 1:1, zoom in, zoom out
key-double-click = Double click
enhance-keys-double-click = Switch between Fit and 1:1
enhance-keys-page = Previous, next photo in the folder
enhance-keys-strip = Show or hide the film strip
key-crop = R   Esc
enhance-keys-crop = Crop; all of the photo again
key-left-right = Left, Right
enhance-keys-left-right = Move the divider (Shift: faster)
key-space-b = Space, A   B
enhance-keys-space-b = Hold to see all of A, all of B
enhance-keys-views = Split, side by side, flip, difference, 2 × 2
loupe = Loupe
key-ctrl-e = Ctrl+S, Ctrl+E
export = Export
key-copy-paste = Ctrl+C   Ctrl+V
enhance-keys-copy-paste = Copy the visible part of the result, paste a photo
enhance-failed = This can't be shown
enhance-failed-hint = Change the selection on the right, or undo it with Ctrl+Z.
difference-end = { $value } of 255
export-price-time = About { $time } · file about { $file } · { $memory } of memory
export-price = File about { $file } · { $memory } of memory
export-smaller = The result is smaller than the photo ({ $w } × { $h }).
export-large = { $megapixels } megapixels: many programs cannot open such a picture.
export-long = This takes about { $time }. You can stop it at any time.
add-model = Add a model
hint-model = /path/to/model.safetensors
compare-picture = Compare with a picture
reference-choose-title = Choose the reference picture
export-to = Export to
export-waiting = Waiting
export-ask = Export…
export-ask-tip = Save all of B to a file (Ctrl+S)
batch-like-this = Batch with these settings
copy-view = Copy the visible part of B (Ctrl+C)
export-clipboard = To the clipboard
time-left = { $time } left
export-stop = Stop { $name }: it ends within a tile, and nothing is written
export-done = Saved: { $path } ({ $w } × { $h }, { $time })
export-done-notes = Saved: { $path } ({ $w } × { $h }, { $time }); { $notes }
export-copied = { $w } × { $h } pixels are on the clipboard.
depth = Depth
background = Background
metadata = Metadata
file = File
export-tip = Save all of B to this file
export-nameless = Enter a file name.
export-is-file = B is already a file.
quality-tip = Higher is closer to the result, and larger
depth-sixteen = 16 bits per channel
depth-sixteen-tip = Finer steps for later editing, at twice the size
metadata-keep = Keep colour profile, EXIF and resolution
metadata-keep-tip = Off: only the pixels are written, for instance without the location
pixels = { $w } × { $h } pixels
browse = Browse…
browse-tip = Choose the place in the system's dialog
compare = Compare
look-auto-is = Auto: { $model }
look-add-model = Add a model…
look-picture = A picture…
own-model = Your own model
look-name = { $side }: what it shows
look-a-tip = Left, or before
look-b-tip = Right, or after; this is exported
look-more-tip = One of four; choose “2 × 2” under View to see it
try-all = Try all models…
try-all-tip = The middle of the view as every model makes it; export several results at once
try-all-title = All models
try-all-hint = Click a picture to see that model as B; point at it to see bicubic. Tick the results to export.
try-all-export =
    { $n ->
        [0] Export
        [one] Export { $n } result
       *[other] Export { $n } results
    }
try-all-export-tip = Save each ticked result next to the photo, with the model in its name
try-all-show = Show { $name } as B
try-all-show-tip = Click: show as B. Point: bicubic, for comparison
try-all-mark-tip = Export this result
source-is = { $words }: { $kind }
source-and = {", "}
source-compressed = compressed JPEG, quality about { $quality }
source-jpeg = JPEG, quality about { $quality }
source-noisy = noisy
source-very-noisy = very noisy
source-soft = soft
source-sharp = sharp
source-unknown = too small or too plain to tell
source-tip = What was detected in the picture, and the kind of model that suits it at this size
size-by-tip = How the size is set; proportions are kept
size-factor-tip = { $factor } times the width and height
size-tip = Size of the result
size-smaller = Smaller than the photo: { $w } × { $h }
size-impossible = No picture can have that size: choose a smaller one
view = View
zoom-fit = Fit
zoom-fit-tip = Show the whole picture (F)
zoom-one-tip = One pixel of the result per screen pixel (1)
zoom-out = Zoom out (−)
zoom-in = Zoom in (+)
loupe-tip = Four times larger at the pointer, A on the left and B on the right (L)
difference = Difference
difference-signed = Signed
difference-signed-tip = B − A: grey where they are equal
difference-absolute = Absolute
difference-absolute-tip = |B − A|
difference-squared = Squared
difference-squared-tip = (B − A)², which PSNR sums
difference-channels = Channels
difference-channels-tip = Red, green and blue on their own
difference-map = Map
difference-map-tip = Brightness in colours that everyone can tell apart
difference-gain-tip = Gain: multiplies the difference before it is shown
reference = Reference
reference-choose = Choose…
reference-tip = A picture as large as the result, to compare A and B with: PSNR and SSIM
reference-remove = Remove the reference
reference-waiting = Compared as soon as the view is computed
scores-view = In view
scores-whole = Whole
mode-split = Split
mode-split-tip = A left of the divider, B right of it; drag it or use the arrow keys
mode-beside = Side by side
mode-beside-tip = A and B next to each other, always at the same place
mode-flip = Flip
mode-flip-tip = B alone; hold Space to see A
mode-difference-tip = What differs between A and B
mode-four = 2 × 2
mode-four-tip = A to D at once, always at the same place: four ways to make the picture
device-opening = Opening the device…
device-tip = { $device }
    Device in use
eight-bit = 8-bit
eight-bit-tip = The adder layers compute with 8-bit integers; a graphics card computes with floats
tiles = { $done } of { $all } tiles
tiles-tip = Tiles in view that the network has computed
speed-tip = Megapixels of the result per second
colour-off = colour ±{ $value }
colour-off-tip = How far B's colours are from the photo's on average, seen from afar, in steps of 255
cost-none = No larger than the photo: bicubic only
cost = { $additions } additions · { $multiplications } multiplications · { $energy }
cost-tip = For this picture, enlarged { $way }. With convolutions instead of adder layers: { $additions } additions, { $multiplications } multiplications and { $energy }, { $times } times the energy (arithmetic only, 45 nm, 32-bit floats).
cost-convolutions = (convolutions: { $energy })
line = Divider between A and B
line-tip = A on the left, B on the right: drag, or use the arrow keys

## What can be compared, and models

look-nearest = Original pixels
look-bicubic = Bicubic
look-lanczos = Lanczos
model-trained = trained here
model-floats = { $model } in f32

## Layers

layers-model-tip = The network to look into
layers-follow = As in Enhance
layers-followed = { $model } (Enhance)
layers-second = Compare with
layers-second-none = None
layers-second-tip = Show the same layer of another model beside it, channel by channel
layers-empty-hint = Drop one here, or open the sample.
key-page = Page Up  Page Down
layers-keys-page = Previous, next layer
layers-keys-channel = Previous, next channel
key-click-channel = Click a channel
layers-keys-click = Its numbers, and the arithmetic of that output
region = Region
region-tip = Side of the region of the photo that is looked at
region-picture = Region of the photo
region-picture-tip = Drag to look at another region.
    Blue: the region; orange: what one output sees.
region-sees = sees { $w } × { $h }
strip-channels = { $n } ch
strip-reads = Inputs: { $layers }
strip-field = Receptive field { $side } × { $side }
sort-index = by index
sort-mean = by mean
sort-energy = by energy
sort-zeros = by zeros
sort-tip = Order of the channels
sort-label = Order
colours-automatic = automatic
colours-signed = blue – orange
colours-sequential = violet – yellow
colours-grey = grey
colours-tip = Colours: automatic is blue to orange where values change sign, else dark to bright
colours-label = Colours
ends-shared = one scale for all
ends-channel = scale per channel
ends-percentile = one scale, 1–99 %
ends-tip = Which values the ends of the colour scale stand for
ends-label = Range
legend-channel = Colour scale of the chosen channel: { $from } to { $to }
legend-all = Colour scale of all channels: { $from } to { $to }
channel = Channel { $n }
channel-of = Channel { $n } of { $model }
channel-dead = { $n }  dead
channel-value = channel { $n }, row { $row }, column { $column }: { $value }
layers-save-ask = Save…
layers-save-ask-tip = Save this layer to a file
page-channel = Channel
page-channel-tip = The channel, its histogram and numbers
page-power = Power
page-power-tip = Before and after the power activation, which brings back sharpness
page-flat = Flat field
page-flat-tip = How the layer responds to flat grey
page-output = Output
page-output-tip = How one output value comes about
page-weights = Weights
page-weights-tip = This channel's kernel, and all weights of the layer
layer-channel = { $layer }, channel { $n }
channel-chosen = Chosen channel
channel-pixel-tip = row { $row }, column { $column }: { $value }
    Click, then open Output.
statistic-min = min
statistic-max = max
statistic-mean = mean
statistic-std = std
statistic-zeros = zeros
statistic-dead = dead
yes = yes
no = no
dead-channels = { $n } of { $all } channels of this layer have the same value everywhere here.
histogram = Histogram
power-none = This layer has no power activation; layers of the body have one.
power-what = After this step small differences count more where α is below 1, and less where it is above 1. That is how the network gets back the sharpness that adding alone would lose.
power-formula = sign(y)·|y|^α with α = { $alpha }
before = before
after = after
after-minus-before = after − before
power-difference = difference: { $from } … { $to }
power-curve = Curve, over the histogram of its inputs
power-spectrum = Amplitude by frequency
power-energy = Energy above a quarter of the sampling rate: { $before } % before, { $after } % after.
power-energy-times = Energy above a quarter of the sampling rate: { $before } % before, { $after } % after (× { $times }).
power-depth = α of all power activations, from first to last
power-depth-what = One number that training has found for each; the orange dot is the one shown here.
blue-orange = blue { $from } · white 0 · orange { $to }
no-layer-before = No convolution or adder layer leads to this one.
flat-what = What this channel answers to a plain grey patch, from black on the left to white on the right.
flat-span = span
flat-span-tip = Largest minus smallest response
flat-bend = bend
flat-bend-tip = Largest distance from a straight line
flat-why = A multiplying layer (convolution) answers with a straight line, so a plain area can pass through as it is. A layer that only adds up differences, −Σ|s − w|, always bends the line: plain areas come out too bright or too dark. The shortcut puts the straight line back, and the power step pulls small and large values apart, which brings back sharpness. All lines include this layer’s batch norm.
layer-output-channel = { $layer }, output channel { $n }
kernel-windows = { $n ->
    [one] { $n } window, one per input channel
   *[other] { $n } windows, one per input channel, row by row
}
kernel = Kernel
weights-all = All weights of the layer
chart-value = value
chart-count = count
chart-inputs = inputs
chart-input = input y
chart-depth = power activation
chart-output = output
chart-frequency = cycles per pixel
chart-amplitude = log₁₀ of the amplitude
chart-grey = grey s
chart-answer = response
output-none = Click a pixel of a channel to see how its value comes about.
output-place = { $layer }, channel { $n }, row { $row }, column { $column }
neighbour = Neighbour
neighbour-left = Left
neighbour-left-tip = The output to the left
neighbour-right = Right
neighbour-right-tip = The output to the right
neighbour-above = Above
neighbour-above-tip = The output above
neighbour-below = Below
neighbour-below-tip = The output below
output-steps = Step by step
output-map = In the map:
output-terms = { $n ->
    [one] { $n } term of { $layer }
   *[other] { $n } terms of { $layer }
}
output-bias = (bias { $bias } included)
output-own = (this layer)
order-window = in window order
order-distance = largest first
terms-place = y,x,ch
terms-edge = 0 (edge)
layers-save = Save this layer
layers-save-replace = Replace an existing file
layers-save-tip = Save this layer to the file
layer-form-sheet = All channels, as a picture
layer-form-channel = This channel, as a 16-bit picture
layer-form-npy = Values, as a NumPy array
layer-form-safetensors = Values, as safetensors

## What layers compute

op-input = input
op-convolution = convolution { $k }×{ $k }, { $from } → { $to }
op-adder = adder { $k }×{ $k }, { $from } → { $to }
op-batch-norm = batch norm
op-sum = sum
op-power = power sign(x)·|x|^α
op-power-channels = power sign(x)·|x|^α, α per channel
op-pixel-shuffle = pixel shuffle ×{ $scale }
op-bicubic = bicubic ×{ $scale }
op-what-input = The photo as the network gets it.
op-what-shift = Moves all values by the same amount, so that middle grey is near zero.
op-what-convolution = Multiplies each neighbourhood with learnt patterns and adds up: the usual layer, only at the network’s two ends.
op-what-adder = Compares each neighbourhood with learnt patterns by adding up differences: the more alike, the nearer to zero. It multiplies nothing.
op-what-batch-norm = Brings each channel to a common brightness and contrast.
op-what-sum = Adds an earlier layer’s values back in, so that the picture itself is not lost.
op-what-relu = Keeps what is above zero.
op-what-power = Raises each value to the power α: small differences come forward or step back.
op-what-pixel-shuffle = Lays channels out as pixels: this is where the picture becomes larger.
op-what-bicubic = The photo, enlarged in the ordinary way; the network only adds detail to it.
curve-convolution = convolution
curve-adder = adder
curve-shortcut = adder + shortcut
curve-relu-power = adder + shortcut + ReLU + power
curve-power = adder + shortcut + power
step-picture = the picture
step-moved = moved to its place
step-bias = Σ x·w + bias

## How a size is reached

way-bicubic = bicubic only
way-network = { $passes ->
    [1] ×{ $scale }
    [2] ×{ $scale } twice
   *[other] ×{ $scale } { $passes } times
}
way-rest = { $network }, then bicubic ×{ $rest }

## Train

train-busy-add = Training is running; add pictures when it has finished.
train-busy-resume = Training is running; stop it before you continue another run.
written = Saved: { $path }
train-run = Run
train-run-tip = Charts, held-out pictures, state of the layers
train-pictures-tip = What is trained on and what is held out
train-keys-line = Move the divider in a held-out crop
train-empty = Train a model on your own pictures
train-empty-hint = Drop pictures or folders of one kind here: text, faces, comics, photos from one camera. Six are enough to start.
train-runs = Runs
train-resume-title = Continue a run
train-resume-word = Continue
hint-checkpoint = /path/to/model.checkpoint
train-export-title = Export the model
train-preparing = Reading pictures and measuring the starting model…
train-running = Training
train-paused = Paused
train-stopping = Stopping: one last evaluation…
train-failed = Failed
train-over = Finished
train-facts-pictures = { $n ->
    [one] { $n } picture, { $out } held out
   *[other] { $n } pictures, { $out } held out
}
train-facts-step = step { $n }
train-facts-speed = { $speed } steps/s
train-facts-time = { $time } of training
train-facts-restarts = { $n ->
    [one] went back once because of invalid numbers
   *[other] went back { $n } times because of invalid numbers
}
loss = Loss
loss-tip = Mean absolute difference from the original, from 0 to 1
loss-each = each step
loss-smooth = smoothed
chart-step = step
chart-loss = loss
chart-psnr = PSNR in dB
held-out-psnr = Held-out PSNR in dB
held-out-psnr-gain = Held-out PSNR: best { $best } dB, { $gain } dB over { $model }
held-out-psnr-tip = On luma, as in the benchmarks; higher is closer to the original
held-out-single = With a single picture nothing can be held out; add more to get a score.
line-start = start: { $model }
line-now = now
line-bicubic = bicubic
line-bicubic-psnr = bicubic ({ $psnr })
health = State of the adder layers
health-tip = Whether every layer still learns
health-layer = Layer
health-layer-tip = Block and unit
health-gradient = Gradient
health-gradient-tip = Root mean square of its weights' gradient in the last step; near zero it learns nothing
health-alpha-tip = Mean exponent of its power activation; 1 is a straight line
health-variance = Variance
health-variance-tip = Of its sums, as its batch norm sees them; near zero it is the same for every input
piece-bicubic = Bicubic
piece-start = Start
piece-now = Now
piece-truth = Original
pieces = Held-out crops
piece-of = Crop of { $name }
piece-left = { $side } on the left
piece-right = { $side } on the right
piece-left-tip = Show it left of the divider
piece-right-tip = Show it right of the divider
judgement = Evaluation
judgement-tip = Go back in time: the crops as they came out at each evaluation
judgement-score = Step { $step }: { $psnr } dB
piece-line = Divider between { $left } and { $right }
piece-tip = { $name }
    Drag, or use the arrow keys
set-pictures = { $n ->
    [one] { $n } picture, { $megapixels } megapixels
   *[other] { $n } pictures, { $megapixels } megapixels
}
set-too-small = { $n } too small
set-duplicate = { $n ->
    [one] { $n } duplicate
   *[other] { $n } duplicates
}
set-unreadable = { $n } unreadable
set-soft = { $n } soft
set-compressed = { $n } heavily compressed
set-good = { $n } good
pairs = What the network sees, and what it should make of it
pair-small = small
pair-large = large
verdict-good = good
verdict-good-tip = Sharp enough to learn from
verdict-soft = soft
verdict-soft-tip = Bicubic alone restores it, so it teaches little. Was it enlarged, or is it out of focus?
verdict-compressed = compressed
verdict-compressed-tip = Blocks of strong compression show, and the model would learn them
verdict-too-small = too small
verdict-too-small-tip = Left out: it needs at least { $side } × { $side } pixels; or use smaller patches
verdict-duplicate = duplicate
verdict-duplicate-tip = Left out: the same picture is already there
verdict-unreadable = unreadable
table-what = Ticked pictures are held out: never trained on, they show how good the model is
hold-out = Hold out { $name }
hold-out-tip = Held out: for evaluation, never for training
held-out = held out
degradation-clean-tip = Sharp and not compressed: scans, drawings, screenshots
degradation-jpeg = JPEG
degradation-jpeg-tip = Compressed: pictures from the web
degradation-camera-tip = Slightly blurred, noisy and compressed: photographs
train-add-files-tip = Add pictures; or drop them on the window
train-clear = Remove all pictures
set-judging = Checking… { $n }
set-none = None yet
set-split = { $train } for training, { $out } held out
start-from = Start from
start-from-model = Start from { $model }
start-from-tip = The model to fine-tune. The result is saved as a new file; this one is not changed.
start-enlarges = Enlarges ×{ $scale }
model-name-section = Name
model-name-field = Name of the model
model-name-tip = What the model and its file are called
degradation = Simulate inputs as
degradation-given = I have small and large versions
degradation-given-tip = Folders with small pictures in `lr` and large ones of the same names in `hr`: scans of the same print, a camera's JPEG and its raw
dial = Duration
dial-tip = { $n ->
    [one] { $n } minute of training
   *[other] { $n } minutes of training
}
advanced = Advanced
advanced-tip = Good defaults for most pictures: rate, patches, seed, folder
minutes-suffix = {" "}min
advanced-time = Time
advanced-time-tip = Minutes of training; pauses do not count
advanced-rate = Learning rate
advanced-rate-tip = The highest: more learns faster and forgets more
advanced-patches = Patches per step
advanced-patches-tip = How many patches a step learns from
advanced-patch-size = Patch size
advanced-patch-size-tip = Side of a patch, in pixels of the small picture
advanced-seed = Seed
advanced-seed-tip = The same seed draws the same patches
advanced-rehearsal = Keep
advanced-rehearsal-suffix = {" "}% general photos
advanced-rehearsal-tip = Share of patches from two bundled photos, so that the model does not forget other kinds of picture; 0 % learns yours faster, but is good for them only
advanced-folder = Folder for models
advanced-folder-tip = The best model so far and the run itself are saved here
train-use = Use in Enhance
train-use-tip = Enlarge a photo with the best model so far
train-export-tip = Save the best model so far to a file. It is also kept here:
    { $path }
train-pause-tip = Pause between two steps
train-stop-tip = Stop after one last evaluation; the best model is kept
own-models-ask = Your models…
own-models-ask-tip = Rename, find and delete models that you trained or added
train-resume = Continue a run…
train-resume-tip = Continue a run that was paused, stopped or interrupted (.checkpoint); or drop its file here
train = Train
train-tip = Fine-tune the model on these pictures
own-models = Your models
own-models-none = None yet. The models that you train are kept here, and come first in every list.
done = Done
close = Close
own-models-name = Name of { $model }
rename = Rename
rename-tip = Rename the model and its file
own-models-export = Export { $model }…
own-models-show = Show the file of { $model }
own-models-forget = Remove { $model } from the list; its file stays
delete-sure = Delete permanently
delete-sure-tip = Deletes the file; this cannot be undone
delete = Delete…
delete-tip = Delete the model and its file; you are asked once more
verdict-stopped = Stopped.
verdict-falling = The held-out pictures kept getting worse, so training stopped early.
verdict-no-model = There is no model.
verdict-not-measured = No picture was held out, so nothing shows whether this model is better.
verdict-no-better = No better than the start: { $best } dB against { $start } dB on the held-out pictures. Keep using { $model }, add more pictures of this kind, or train longer.
verdict-better = { $gain } dB better than { $model } on the held-out pictures: { $best } dB, from step { $step }.
dial-short = Short
dial-normal = Normal
dial-long = Long
dial-own = Own
forecast-steps = { $time } on this machine: up to { $steps } steps.
forecast-few = Expect little of so few.
forecast-photos = Pictures unlike everyday photos (text, drawings, scans) gain most; everyday photos gain little.
forecast-measuring = Timing some steps on this machine…
obstacle-judging = The pictures are being checked.
obstacle-none = Add pictures of at least { $side } × { $side } pixels.
obstacle-all-out = Every picture is held out: train on at least one.
obstacle-none-out = Hold out at least one picture for evaluation.
obstacle-folder = Enter a folder for models under Advanced.
obstacle-name = A model's name cannot contain / or \.
set-empty = Nothing that was added is a picture.
train-restarted = Invalid numbers came up: training went back to step { $step } and continues at half the rate.
