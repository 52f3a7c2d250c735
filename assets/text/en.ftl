# What the window says, in English: the language that every message exists in. Arguments stand in { $braces }; how to add a
# language is said in CONTRIBUTING.md.

## The frame around the tabs

no-window = the window cannot be opened: { $error }; `addersr upscale PHOTO` enlarges without one (`addersr --help` lists all)
open-photo = Open a photo
open = Open
open-ask = Open…
open-ask-tip = Open a photo (Ctrl+O), or drop one anywhere
hint-photo = /path/to/photo.jpg
theme-button = Light or dark
device = Device
automatic = Automatic
device-cpu = CPU
device-search = Look for graphics devices

## The list of keys

keys = Keys
keys-button = Keys (?)
keys-everywhere = Everywhere
key-ctrl-o = Ctrl+O
key-ctrl-1-4 = Ctrl+1 … Ctrl+4
keys-tabs = Enhance, Layers, Batch, Train
key-zoom-window = Ctrl++  Ctrl+−  Ctrl+0
keys-interface-size = Size of the controls
key-enter-esc = Enter   Esc
keys-dialog = Confirm a dialog, close it
keys-this-list = This list

## Reports of faults

report-copy = Copy report
report-copy-tip = Version, devices, drivers, limits, models, settings and the latest log lines, as text for a report of a fault
report-failed = No report was made: a driver failed while it was asked. Choose the CPU as device and try again.
report-copied = A report of { $lines } lines is on the clipboard.

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
drop-batch = Drop to add these to Batch
drop-train = Drop to train on these

## What several tabs share

background-fill = Fill what is transparent
background-fill-tip = JPEG has no transparency and needs a background
background-colour-tip = Colour of the background
background-colour = Background colour
dialog-confirm-tip = { $tip } (Enter)
cancel = Cancel
cancel-tip = Close without doing anything (Esc)
undo-button = Undo (Ctrl+Z)
redo-button = Redo (Ctrl+Shift+Z)
chart-axes = across: { $across } · up: { $up }
dismiss = Dismiss
open-file-tip = Open the file in the program that your system has for it
show-in-folder = Show in folder
open-folder = Open folder
cannot-open = { $path } cannot be opened from here: { $error }
kind-clean = Clean
kind-clean-tip = Sharp, without noise or compression: scans, drawings, pictures that were scaled down
kind-camera = Camera
kind-camera-tip = As cameras and phones give them, enlarged faithfully: a little blurred, noisy, compressed (JPEG)
kind-photo = Photo
kind-photo-tip = The same, enlarged more sharply; Strength goes from the camera model's result to this one
strength = Strength
strength-tip = How much of the network's effect is seen: 0 % is bicubic, or for a photo model the camera model's result
pictures = Pictures
weights = Weights
replace-question = A file of that name is there. Replace it?
path-question = No dialog of your system answers. Give the path here.
path = Path
replace = Replace
path-tip = Take this path
no-file = There is no file { $path }.
is-folder = { $path } is a folder; name a file.
no-folder = There is no folder { $path }.
is-file = { $path } is a file; name a folder.

## Numbers with units

duration-moment = under 1 s
duration-s = { $s } s
duration-min = { $min } min
duration-min-s = { $min } min { $s } s
duration-h-min = { $h } h { $min } min

## Batch

pause = Pause
resume = Resume
resume-tip = Go on
stop = Stop
stopping = Stopping…
batch-export = Export { $n } of { $all }
batch-export-tip = Enlarge everything that is ready
batch-pause-tip = Free the device; the picture in hand is gone on with later
batch-stop-tip = End within a tile; what is done stays, the rest can be exported later
batch-retry = Retry failed
batch-retry-tip = Look at failed pictures again and make those that can be made
batch-again = Make again
batch-again-tip = Make the pictures that are done once more, with the settings as they are now
batch-report = Save report…
batch-report-tip = A table of what became of every picture (CSV or JSON)
batch-looking = Looking at files… { $n }
batch-megapixels = { $from } to { $to } MP
batch-count-done = { $n } done
batch-count-skipped = { $n } skipped
batch-count-failed = { $n } failed
about-time = about { $time }
n-of-all = { $n } of { $all }
about-time-left = about { $time } left
batch-share = { $percent } % of the batch
batch-offer = { $n ->
    [one] A batch was not finished: { $n } picture is done.
   *[other] A batch was not finished: { $n } pictures are done.
}
batch-offer-resume = Go on with it
batch-offer-resume-tip = Take the list up again and make the rest
batch-offer-discard = Forget it
batch-offer-discard-tip = Results that are done stay
batch-empty = Enlarge many photos
batch-empty-hint = Drop photos and folders here: you see what will be made before anything is written.
key-undo-redo = Ctrl+Z   Ctrl+Shift+Z
keys-undo-redo = Undo and redo settings
batch-taken-skip = Skip
batch-taken-skip-tip = Leave the picture out; its row says so
batch-taken-number = Number
batch-taken-number-tip = Call the result name-2, name-3, and so on
batch-taken-replace-tip = Replace the file that is there, but never a picture of this list
add-files = Add files…
batch-add-files-tip = Add pictures to the list, also while it runs; or drop them on the window
add-folder = Add folder…
add-folder-tip = Add all pictures in a folder and below
batch-clear = Clear
batch-clear-tip = Empty the list; no file is touched
batch-place = Results go
batch-place-beside = Beside each picture
batch-place-beside-tip = Into the folder of the picture, under another name
batch-place-folder = Into a folder…
batch-place-folder-tip = Into one folder, in which the tree of the folders you add is kept
spoken-choice = { $name }: { $chosen }
size = Size
size-factor = Factor
size-width = Width
size-height = Height
size-long-edge = Long edge
batch-size-by = Size by
batch-size-by-tip = Times as large, or an exact side in pixels
drag-or-type = Drag, or click and type
model = Model
batch-model-tip = Automatic takes the one that serves the size best
batch-kind-off = For the model that is chosen automatically
batch-kind = Pictures are
format = Format
batch-format-same = Same as source
batch-format-tip = PNG, WebP and TIFF lose nothing; JPEG is small
batch-format-same-tip = PNG for kinds that are read but not written
batch-quality-prefix = quality{" "}
batch-quality-tip = JPEG quality: 95 is hardly told from the original
quality = Quality
batch-metadata = Keep metadata
batch-metadata-tip = Carry colour profile, EXIF, XMP and resolution over
batch-names = Names
batch-template = Name template
batch-template-tip = {"{name} {scale} {model} {w} {h} {n}"} are filled in for each picture
batch-taken = If a name is taken
add-pictures = Add pictures
add = Add
add-a-folder = Add a folder
batch-out = Folder for results
use = Use
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
batch-report-in = The report is in { $path }
batch-column-picture = Picture
batch-column-result = Result
batch-column-time = Time
batch-column-out = Goes to
batch-column-status = Status
batch-ready = Ready
batch-reading = Reading
batch-saving = Saving
batch-skipped = Skipped: { $reason }
batch-refused = Cannot: { $reason }
batch-failed = Failed: { $reason }
batch-remove = Remove { $name } from the list
batch-row-tip = { $from } becomes { $to }  { $time }
batch-done = Done
batch-done-notes = Done: { $notes }

## Enhance

enhance-empty-hint = Drop one here, paste it (Ctrl+V), or choose Open. It stays as it is: nothing is written until you export.
open-sample = Open the sample
open-sample-tip = A small photo that ships with the program
key-wheel = Wheel, pinch
enhance-keys-wheel = Zoom to the pointer
key-drag = Drag
enhance-keys-drag = Move the picture
enhance-keys-f-1 = Fit, one to one, closer, further
key-double-click = Double click
enhance-keys-double-click = Between fit and one to one
key-left-right = Left, Right
enhance-keys-left-right = Move the line (Shift: faster)
key-space-b = Space, B
enhance-keys-space-b = Hold to see A in the place of B
enhance-keys-views = Split, beside, flip, difference
loupe = Loupe
key-ctrl-e = Ctrl+E
export = Export
key-copy-paste = Ctrl+C   Ctrl+V
enhance-keys-copy-paste = Copy the result in view, paste a photo
enhance-failed = This cannot be shown
enhance-failed-hint = Change the choice on the right, or undo it with Ctrl+Z.
difference-end = { $value } of 255
export-price-time = About { $time } · about { $file } on the disk · { $memory } of memory
export-price = about { $file } on the disk · { $memory } of memory
export-smaller = The result is smaller than the photo, which has { $w } × { $h }.
export-large = { $megapixels } megapixels: many programs cannot open such a picture.
export-long = This takes about { $time }. Stop ends it at any time.
add-model = Add a model
hint-model = /path/to/model.safetensors
compare-picture = Compare with a picture
reference-choose-title = Choose the reference picture
export-to = Export to
use-it = Use it
export-waiting = Waiting
export-ask = Export…
export-ask-tip = Write the whole of B into a file (Ctrl+E)
batch-like-this = Batch with these settings
copy-view = Copy what is in view of B (Ctrl+C)
export-clipboard = To the clipboard
time-left = { $time } left
export-stop = Stop { $name }: it ends within a tile, and nothing is written
depth = Depth
background = Background
metadata = Metadata
file = File
export-tip = Write the whole of B into this file
export-nameless = Name a file.
export-is-file = B is a file already.
export-complete = Written under its name only when it is complete.
quality-tip = Higher is larger and closer to the result
depth-sixteen = 16 bits per sample
depth-sixteen-tip = Finer steps for later editing; twice the size
metadata-keep = Keep profile, EXIF and resolution
metadata-keep-tip = Off: nothing but the pixels is written, for instance without the place
pixels = { $w } × { $h } pixels
browse = Browse…
browse-tip = Choose the place in your system's dialog
compare = Compare
look-auto-is = Auto: { $model }
look-auto = Auto: the fast one for this size
look-auto-tip = The model that ships for this enlargement and for what the picture is like
look-add-model = Add a model…
look-picture = A picture…
look-name = { $side }: what it shows
look-a-tip = What is left, or before
look-b-tip = What is right, or after; this is exported
kind-off = For the model chosen by size: choose Auto for A or B
kind = Picture is
size-by-tip = How the size is given; proportions are kept
size-factor-tip = { $factor } times as wide and high
size-tip = Size of the result
size-smaller = Smaller than the photo: { $w } × { $h }
view = View
zoom-fit = Fit
zoom-fit-tip = Show all (F)
zoom-one-tip = One pixel of the result per pixel of the screen (1)
zoom-out = Further (−)
zoom-in = Closer (+)
loupe-tip = Four times larger at the pointer, A left and B right (L)
difference = Difference
difference-signed = Signed
difference-signed-tip = B − A: grey where they agree
difference-absolute = Absolute
difference-absolute-tip = |B − A|
difference-squared = Squared
difference-squared-tip = (B − A)², which PSNR sums
difference-channels = Channels
difference-channels-tip = Red, green and blue on their own
difference-map = Map
difference-map-tip = Luma in colours that everyone can tell apart
difference-gain-tip = Gain: multiplies the difference before it is shown
reference = Reference
reference-choose = Choose…
reference-tip = A picture of the result's size that A and B are compared with: PSNR and SSIM
reference-remove = Remove the reference
reference-waiting = Compared once the view is computed
scores-view = In view
scores-whole = Whole
mode-split = Split
mode-split-tip = A left of the line, B right of it; drag the line or move it with the arrow keys
mode-beside = Beside
mode-beside-tip = A and B side by side, always at the same place
mode-flip = Flip
mode-flip-tip = B alone; hold Space or B to see A
mode-difference-tip = What differs between A and B
device-opening = opening the device…
device-tip = { $device }
    What computes; change it above
eight-bit = 8 bit
eight-bit-tip = Adder layers compute with the model's 8-bit codes; a graphics device computes in floats
tiles = { $done } of { $all } tiles
tiles-tip = Tiles in view that the network has computed
speed-tip = Megapixels of the result per second
colour-off = colour ±{ $value }
colour-off-tip = By how many of 255 steps B's colours are off the photo's on average, seen from afar
cost-none = not larger than the photo: bicubic alone
cost = { $additions } additions · { $multiplications } multiplications · { $energy }
cost-tip = For this picture, enlarged { $way }. With convolutions instead of adder layers: { $additions } additions, { $multiplications } multiplications, { $energy }, which is { $times } times the energy (arithmetic alone, 45 nm, 32-bit floats).
cost-convolutions = (convolutions: { $energy })
line = Line between A and B
line-tip = A to the left, B to the right: drag, or use the arrow keys

## What can be compared, and models

look-nearest = Original pixels
look-bicubic = Bicubic
look-lanczos = Lanczos
look-auto-clean = Auto, clean pictures
look-auto-camera = Auto, camera photos
look-auto-photo = Auto, photos
model-trained = trained here
model-floats = { $model } in f32

## Layers

layers-model-tip = The network to look into
layers-second = Beside
layers-second-none = none
layers-second-tip = Show the same layer of another model beside this one
layers-written = { $path } is written
layers-empty-hint = Drop one here, or open the sample.
key-page = Page Up  Page Down
layers-keys-page = The layer before, after
layers-keys-channel = The channel before, after
key-click-channel = Click on a channel
layers-keys-click = Its numbers, and the arithmetic of that output
region = Part
region-tip = Side of the part of the photo that is looked at
region-picture = Part of the photo
region-picture-tip = Drag to look at another part of the photo.
    Blue: the part; orange: what one output sees.
region-sees = sees { $w } × { $h }
strip-channels = { $n } ch
strip-reads = reads { $layers }
strip-field = receptive field { $side } × { $side }
sort-index = by index
sort-mean = by mean
sort-energy = by energy
sort-zeros = by zeros
sort-tip = Order of the channels
colours-automatic = automatic
colours-signed = blue – orange
colours-sequential = violet – yellow
colours-grey = grey
colours-tip = Colours; automatic is blue to orange where values have both signs, else dark to bright
ends-shared = one scale
ends-channel = scale per channel
ends-percentile = one scale, 1–99 %
ends-tip = Which values the ends of the colour scale stand for
legend-channel = Colour scale of the chosen channel: { $from } to { $to }
legend-all = Colour scale of all channels: { $from } to { $to }
channel = Channel { $n }
channel-of = Channel { $n } of { $model }
channel-dead = { $n }  dead
channel-value = channel { $n }, row { $row }, column { $column }: { $value }
layers-save-ask = Save…
layers-save-ask-tip = Write this layer into a file
page-channel = Channel
page-channel-tip = The channel, its histogram and numbers
page-power = Power
page-power-tip = Before and after the power activation (the Box-Cox-like high-pass of AdderSR)
page-flat = Flat field
page-flat-tip = What the layer answers to a flat grey patch
page-output = Output
page-output-tip = The arithmetic of one output
page-weights = Weights
page-weights-tip = The kernel of this channel and all weights of the layer
layer-channel = { $layer }, channel { $n }
channel-chosen = Chosen channel
channel-pixel-tip = row { $row }, column { $column }: { $value }
    Click, then see Output.
statistic-min = min
statistic-max = max
statistic-mean = mean
statistic-std = std
statistic-zeros = zeros
statistic-dead = dead
yes = yes
no = no
dead-channels = { $n } of { $all } channels of this layer have one value everywhere here.
histogram = Histogram
power-none = No power activation belongs to this layer: head, tail and what follows the tail have none. Choose a layer of the body.
power-formula = sign(y)·|y|^α with α = { $alpha }
before = before
after = after
after-minus-before = after − before
power-difference = difference: { $from } … { $to }
power-curve = Curve, over the histogram of its inputs
power-spectrum = Amplitude by frequency
power-energy = Energy above a quarter of the sampling rate: { $before } % before, { $after } % after.
power-energy-times = Energy above a quarter of the sampling rate: { $before } % before, { $after } % after (× { $times }).
blue-orange = blue { $from } · white 0 · orange { $to }
no-layer-before = No convolution or adder layer leads to this one.
flat-what = The answer to a patch that has the grey s everywhere, in every input channel, with this channel's own weights.
flat-span = span
flat-span-tip = Largest minus smallest answer
flat-bend = bend
flat-bend-tip = Largest distance from a straight line
flat-why = A convolution answers with a straight line, so it can pass a patch on or ignore it. A plain adder layer, −Σ|s − w|, always bends and always depends on s: it can be neither identity nor high-pass. The shortcut brings the line back, the power activation parts small from large (AdderSR, section 3.2). All after this layer's batch norm; the operation that the layer is not gets its factor only.
layer-output-channel = { $layer }, output channel { $n }
kernel-windows = { $n } windows, one per input channel, row by row
kernel = Kernel
weights-all = All weights of the layer
chart-value = value
chart-count = how often
chart-inputs = inputs
chart-input = y, the input
chart-output = the output
chart-frequency = cycles per pixel
chart-amplitude = log₁₀ of the amplitude
chart-grey = grey s
chart-answer = answer
output-none = Click on a pixel of a channel to see how its value comes about.
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
output-terms = { $n } terms of { $layer }
output-bias = (bias { $bias } included)
output-own = (this layer)
order-window = in window order
order-distance = largest first
terms-place = y,x,ch
terms-edge = 0 (edge)
layers-save = Save this layer
layers-save-replace = Replace a file that exists
layers-save-tip = Write this layer into the file
layer-form-sheet = All channels, picture
layer-form-channel = This channel, 16-bit picture
layer-form-npy = Numbers, NumPy array
layer-form-safetensors = Numbers, safetensors

## What layers compute

op-input = input
op-convolution = convolution { $k }×{ $k }, { $from } to { $to }
op-adder = adder { $k }×{ $k }, { $from } to { $to }
op-batch-norm = batch norm
op-sum = sum
op-power = power sign(x)·|x|^α
op-power-channels = power sign(x)·|x|^α, α per channel
op-pixel-shuffle = pixel shuffle ×{ $scale }
op-bicubic = bicubic ×{ $scale }
curve-convolution = convolution
curve-adder = adder
curve-shortcut = adder + shortcut
curve-relu-power = adder + shortcut + ReLU + power
curve-power = adder + shortcut + power
step-picture = the picture
step-moved = moved to its place
step-bias = Σ x·w + bias

## How a size is reached

way-bicubic = bicubic alone
way-network = { $passes ->
    [1] ×{ $scale }
    [2] ×{ $scale } twice
   *[other] ×{ $scale } { $passes } times
}
way-rest = { $network }, then ×{ $rest } by bicubic

## Train

train-busy-add = A training is running; pictures can be added when it is over.
train-busy-resume = A training is running; stop it before you go on with another one.
written = Written: { $path }
train-run = Run
train-run-tip = Charts, held-out pictures, the layers' health
train-pictures-tip = What is trained on and what is held out
train-keys-line = Move the line in a held-out piece
train-empty = Teach a model your own pictures
train-empty-hint = Drop pictures or folders of one kind here: text, faces, comics, one camera's photos. Six are enough to begin with.
train-runs = Runs
train-resume-title = Go on with a run
train-resume-word = Go on
hint-checkpoint = /path/to/model.checkpoint
train-export-title = Export the model
train-preparing = Reading pictures and judging the start…
train-running = Training
train-paused = Paused
train-stopping = Stopping: one last judgement…
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
    [one] went back once because values were not finite
   *[other] went back { $n } times because values were not finite
}
loss = Loss
loss-tip = Mean absolute difference to the truth, of 1
loss-each = each step
loss-smooth = smoothed
chart-step = step
chart-loss = loss
chart-psnr = PSNR in dB
held-out-psnr = Held-out PSNR in dB
held-out-psnr-best = Held-out PSNR in dB, best { $best }
held-out-psnr-tip = On luma, as the benchmarks measure; higher is closer to the truth
held-out-single = With a single picture nothing can be held out: add more to see a score.
line-start = start: { $model }
line-now = now
line-bicubic = bicubic
health = Health of the adder layers
health-tip = Whether every layer still learns
health-layer = Layer
health-layer-tip = Block and unit
health-gradient = Gradient
health-gradient-tip = Root mean square of its weights' gradient in the last step; near zero: it learns nothing
health-alpha-tip = Mean exponent of its power activation; 1 is a straight line
health-variance = Variance
health-variance-tip = Of its sums, as its batch norm sees them; near zero: the same for every input
piece-bicubic = Bicubic
piece-start = Start
piece-now = Now
piece-truth = Truth
pieces = Held-out pieces
piece-of = A piece of { $name }
piece-left = { $side } on the left
piece-right = { $side } on the right
piece-left-tip = Show it left of the line
piece-right-tip = Show it right of the line
judgement = Judgement
judgement-tip = Go back in time: the pieces as they came out at each judgement
judgement-score = Step { $step }: { $psnr } dB
piece-line = Line between { $left } and { $right }
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
pairs = What the network will see, and what it should make of it
pair-small = small
pair-large = large
verdict-good = good
verdict-good-tip = Sharp enough to learn from
verdict-soft = soft
verdict-soft-tip = Bicubic alone restores it: it teaches little. Is it enlarged or out of focus?
verdict-compressed = compressed
verdict-compressed-tip = The blocks of a strong compression show, and the model would learn them
verdict-too-small = too small
verdict-too-small-tip = Left out: it needs { $side } × { $side } pixels; or use smaller patches
verdict-duplicate = duplicate
verdict-duplicate-tip = Left out: the same picture is there already
verdict-unreadable = unreadable
table-what = Ticked pictures are held out: never trained on, the model is judged by them
hold-out = Hold out { $name }
hold-out-tip = Held out: judged by, never trained on
held-out = held out
degradation-clean-tip = Small pictures are sharp and not compressed: scans, drawings, screenshots
degradation-jpeg = JPEG
degradation-jpeg-tip = Small pictures were compressed: pictures from the web
degradation-camera-tip = Small pictures are a little blurred, noisy and compressed: photographs
train-add-files-tip = Add pictures; or drop them on the window
train-clear = Remove all pictures
set-judging = Judging… { $n }
set-none = None yet
set-split = { $train } to train on, { $out } held out
start-from = Start from
start-from-model = Start from { $model }
start-from-tip = The model to fine-tune. What it learns is kept in a new file; this one is not changed.
start-enlarges = Enlarges ×{ $scale }
model-name-section = Name
model-name-field = Name of the model
model-name-tip = What the model is called in every list, and its file
degradation = Small pictures will be
degradation-given = I have small and large versions
degradation-given-tip = Folders that hold small pictures in `lr` and large ones of the same names in `hr`: scans of the same print, a camera's JPEG and its raw
dial = How long
dial-tip = { $n ->
    [one] { $n } minute of training
   *[other] { $n } minutes of training
}
advanced = Advanced
advanced-tip = What is set soundly for most sets: rate, patches, seed, folder
minutes-suffix = {" "}min
advanced-time = Time
advanced-time-tip = Minutes of training; a pause does not count
advanced-rate = Rate
advanced-rate-tip = Highest learning rate: higher learns faster and forgets more
advanced-patches = Patches
advanced-patches-tip = Patches per step
advanced-patch-size = Patch size
advanced-patch-size-tip = Side of a patch in small pixels
advanced-seed = Seed
advanced-seed-tip = The same seed draws the same patches
advanced-rehearsal = Remember
advanced-rehearsal-tip = Share of the patches that come from two photos that ship, so that the model does not forget other kinds of picture; 0 % learns yours faster and is for them only
advanced-folder = Folder for the models
advanced-folder-tip = The best model so far and the run itself are kept here
train-use = Use in Enhance
train-use-tip = Enlarge a photo with the best model so far
train-export-tip = Write the best model so far to a file. It is also kept here:
    { $path }
train-pause-tip = Wait between two steps
train-stop-tip = End with a last judgement; the best model is kept
own-models-ask = Your models…
own-models-ask-tip = Rename, find and delete models that you trained or added
train-resume = Go on with a run…
train-resume-tip = Take up a run that was paused, stopped or cut off (.checkpoint), where it was; or drop its file here
train = Train
train-tip = Fine-tune the model on these pictures
own-models = Your models
own-models-none = None yet. What you train is kept here, and stands first in every list.
done = Done
close = Close
own-models-name = Name of { $model }
rename = Rename
rename-tip = Call it this, and its file too
own-models-export = Export { $model }…
own-models-show = Show the file of { $model }
own-models-forget = Take { $model } out of the list; its file stays
delete-sure = Delete for good
delete-sure-tip = Removes the file; nothing brings it back
delete = Delete…
delete-tip = Remove it and its file; asks once more
verdict-stopped = Stopped.
verdict-falling = The held-out pictures had been getting worse for long, so training stopped early.
verdict-no-model = There is no model.
verdict-not-measured = No picture was held out, so nothing says whether this model is better.
verdict-no-better = No better than the start: { $best } dB against { $start } dB on the held-out pictures. Keep using { $model }, add more pictures of the kind, or train longer.
verdict-better = { $gain } dB better than { $model } on the held-out pictures: { $best } dB, from step { $step }.
dial-short = Short
dial-normal = Normal
dial-long = Long
dial-own = Own
obstacle-judging = The pictures are being judged.
obstacle-none = Add pictures of at least { $side } × { $side } pixels.
obstacle-all-out = Every picture is held out: train on at least one.
obstacle-none-out = Hold out at least one picture to judge by.
obstacle-folder = Name a folder for the models under Advanced.
obstacle-name = A model's name has no / or \.
set-empty = There are no pictures in what was added.
train-restarted = Values were not finite: training went back to step { $step } and goes on at half the rate.
