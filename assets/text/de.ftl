# Was das Fenster sagt, auf Deutsch. Die Bedeutung steht in en.ftl unter denselben Schlüsseln.

## The frame around the tabs

no-window = Das Fenster lässt sich nicht öffnen: { $error }; `addersr upscale FOTO` vergrößert ohne Fenster (`addersr --help` zeigt alle Befehle)
open-photo = Foto öffnen
open = Öffnen
open-ask = Öffnen…
open-ask-tip = Ein Foto öffnen (Strg+O) oder irgendwo ins Fenster ziehen
photo-previous = Vorheriges Foto im Ordner (Bild ↑ unter „Verbessern“)
photo-next = Nächstes Foto im Ordner (Bild ↓ unter „Verbessern“)
photo-first = Erstes Foto im Ordner
photo-last = Letztes Foto im Ordner
strip-show = Filmstreifen zeigen (T unter „Verbessern“)
strip-hide = Filmstreifen ausblenden (T unter „Verbessern“)
hint-photo = /pfad/zum/foto.jpg
theme-button = Helles oder dunkles Design
settings = Einstellungen
interface-size = Größe der Oberfläche
interface-smaller = Kleiner (Strg+−)
interface-larger = Größer (Strg++)
threads = Prozessor-Threads
threads-all = Alle
threads-tip = Wie viele der { $cores } Threads des Prozessors rechnen: ziehen oder zum Eingeben klicken; 0 heißt alle. Ab dem nächsten Start.
language = Sprache
language-system = System
language-no-font = Dem System fehlt eine Schrift mit den Zeichen dieser Sprache. Installieren Sie eine, etwa Noto Sans CJK, und starten Sie neu.
device = Gerät
automatic = Automatisch
device-cpu = CPU
device-search = Grafikkarten suchen

## The list of keys

keys = Tastenkürzel
keys-button = Tastenkürzel (?)
keys-everywhere = Überall
key-ctrl-o = Strg+O
key-ctrl-1-4 = Strg+1 … Strg+4
keys-tabs = Verbessern, Schichten, Stapel, Training
key-zoom-window = Strg++  Strg+−  Strg+0
keys-full-screen = Vollbild, nur das Bild (Esc beendet es)
key-enter-esc = Enter   Esc
keys-dialog = Dialog bestätigen oder schließen
keys-this-list = Diese Liste

## Reports of faults

report-copy = Bericht kopieren
report-copy-tip = Version, Geräte, Treiber, Grenzen, Modelle, Einstellungen und die letzten Protokollzeilen als Text für einen Fehlerbericht
report-failed = Der Bericht konnte nicht erstellt werden, weil ein Treiber abgestürzt ist. Wählen Sie die CPU als Gerät und versuchen Sie es noch einmal.
report-copied = { $lines ->
    [one] Ein Bericht von { $lines } Zeile ist in der Zwischenablage.
   *[other] Ein Bericht von { $lines } Zeilen ist in der Zwischenablage.
}

## The tabs

tab-enhance = Verbessern
tab-layers = Schichten
tab-batch = Stapel
tab-train = Training
tab-enhance-tip = Ein Foto vergrößern, vorher und nachher vergleichen (Strg+1)
tab-layers-tip = Ins Netz hineinsehen, Schicht für Schicht (Strg+2)
tab-batch-tip = Viele Fotos und Ordner vergrößern (Strg+3)
tab-train-tip = Ein Modell an eigenen Bildern nachtrainieren (Strg+4)
drop-open = Loslassen, um die Datei zu öffnen
drop-batch = Loslassen, um die Dateien zum Stapel hinzuzufügen
drop-train = Loslassen, um mit diesen Bildern zu trainieren

## What several tabs share

ended-export = Export beendet: { $name }
ended-batch = Der Stapel ist beendet
ended-training = Training beendet: { $name }
background-fill = Transparenz füllen
background-fill-tip = JPEG kennt keine Transparenz und braucht einen Hintergrund
background-colour = Hintergrundfarbe
dialog-confirm-tip = { $tip } (Enter)
cancel = Abbrechen
cancel-tip = Schließen, ohne etwas zu tun (Esc)
undo-button = Rückgängig (Strg+Z)
redo-button = Wiederholen (Strg+Umschalt+Z)
chart-axes = Waagerecht: { $across } · senkrecht: { $up }
dismiss = Ausblenden
open-file-tip = Die Datei im dafür vorgesehenen Programm öffnen
show-in-folder = Im Ordner zeigen
open-folder = Ordner öffnen
cannot-open = { $path } konnte nicht geöffnet werden: { $error }
kind-auto = Auto
kind-auto-hint = Passend zum Foto
kind-auto-tip = Erkennt JPEG-Kompression, Rauschen und Unschärfe und wählt für jedes Bild das Modell
kind-clean = Sauber
kind-fast = Schnell
kind-fast-hint = Für scharfe, saubere Bilder; am schnellsten
kind-fast-tip = Scharf, ohne Rauschen und Kompressionsspuren: Scans, Zeichnungen, verkleinerte Bilder. Das schnellste von allen
kind-best = Beste
kind-best-hint = Für dieselben; feiner und langsamer
kind-best-tip = Für dieselben scharfen, sauberen Bilder wie „Schnell“: etwas näher am Original und um ein Mehrfaches langsamer
kind-camera = Kamera
kind-camera-tip = Direkt aus Kamera oder Handy: etwas unscharf, verrauscht, als JPEG komprimiert; originalgetreu vergrößert
kind-camera-hint = Für Handys und Kameras; originaltreu
kind-photo = Foto
kind-photo-tip = Dasselbe, aber schärfer; die Stärke blendet zwischen dem Ergebnis des Kameramodells und diesem über
kind-photo-hint = Für dieselben; schärfer und langsamer
strength = Stärke
strength-tip = Wie viel vom Netz zu sehen ist: 0 % zeigt das bikubische Ergebnis, bei Fotomodellen das des Kameramodells
ensemble = Ensemble: achtmal so langsam
ensemble-tip = Höchste Qualität: Das Mittel aus acht gespiegelten und gedrehten Vergrößerungen ist etwas näher am Original und dauert achtmal so lange
pictures = Bilder
weights = Modelle
replace-question = Eine Datei mit diesem Namen existiert bereits. Ersetzen?
path-question = Ihr System hat keinen Dateidialog. Geben Sie den Pfad hier ein.
path = Pfad
replace = Ersetzen
path-tip = Diesen Pfad verwenden
no-file = Es gibt keine Datei { $path }.
is-folder = { $path } ist ein Ordner; geben Sie den Namen einer Datei ein.
no-folder = Es gibt keinen Ordner { $path }.
is-file = { $path } ist eine Datei; wählen Sie einen Ordner.

## Numbers with units

duration-moment = unter 1 s
duration-s = { $s } s
duration-min = { $min } min
duration-min-s = { $min } min { $s } s
duration-h-min = { $h } h { $min } min

## Batch

pause = Pause
resume = Fortsetzen
resume-tip = Weitermachen
stop = Stopp
stopping = Wird gestoppt…
batch-export = { $n } von { $all } exportieren
batch-export-tip = Alle Bilder vergrößern, die bereit sind
batch-pause-tip = Das Gerät freigeben; das aktuelle Bild wird später fortgesetzt
batch-stop-tip = Nach der laufenden Kachel stoppen; Fertiges bleibt, der Rest kann später exportiert werden
batch-retry = Fehler wiederholen
batch-retry-tip = Fehlgeschlagene Bilder erneut prüfen und exportieren, was nun geht
batch-again = Erneut exportieren
batch-again-tip = Fertige Bilder mit den aktuellen Einstellungen noch einmal exportieren
batch-report = Bericht speichern…
batch-report-tip = Was aus jedem Bild wurde, als Tabelle (CSV) oder JSON
batch-looking = Dateien werden gesucht… { $n }
batch-megapixels = { $from } → { $to } MP
batch-count-done = { $n } fertig
batch-count-skipped = { $n } übersprungen
batch-count-failed = { $n } fehlgeschlagen
about-time = etwa { $time }
n-of-all = { $n } von { $all }
about-time-left = noch etwa { $time }
batch-share = { $percent } % des Stapels
batch-offer = { $n ->
    [one] Ein Stapel wurde unterbrochen: { $n } Bild ist fertig.
   *[other] Ein Stapel wurde unterbrochen: { $n } Bilder sind fertig.
}
batch-offer-resume-tip = Die Liste wieder öffnen und den Rest exportieren
batch-offer-discard = Verwerfen
batch-offer-discard-tip = Die Liste vergessen; fertige Ergebnisse bleiben
batch-empty = Viele Fotos vergrößern
batch-empty-hint = Ziehen Sie Fotos und Ordner hierher. Bevor etwas geschrieben wird, sehen Sie, was entsteht.
key-undo-redo = Strg+Z   Strg+Umschalt+Z
keys-undo-redo = Einstellungen rückgängig machen und wiederholen
batch-taken-skip = Auslassen
batch-taken-skip-tip = Das Bild auslassen; die Liste weist darauf hin
batch-taken-number = Nummerieren
batch-taken-number-tip = Das Ergebnis name-2, name-3 usw. nennen
batch-taken-replace-tip = Die vorhandene Datei ersetzen, aber nie ein Bild dieser Liste
add-files = Dateien…
batch-add-files-tip = Bilder zur Liste hinzufügen, auch während sie läuft; oder ins Fenster ziehen
add-folder = Ordner…
add-folder-tip = Alle Bilder eines Ordners und seiner Unterordner hinzufügen
batch-clear = Leeren
batch-clear-tip = Die Liste leeren; Dateien bleiben unberührt
batch-place = Speichern
batch-place-beside = Neben dem Original
batch-place-beside-tip = Im Ordner des Bildes, unter anderem Namen
batch-place-folder = In Ordner…
batch-place-folder-tip = In einem Ordner, mit der Struktur der hinzugefügten Ordner
spoken-choice = { $name }: { $chosen }
size = Größe
size-factor = Faktor
size-width = Breite
size-height = Höhe
size-long-edge = Lange Seite
size-print = Druck
size-print-tip = Längere Seite auf Papier
size-dpi-tip = Pixel pro Zoll; die Datei nennt sie
size-unit-tip = Zentimeter oder Zoll
size-presets = Vorgaben
size-presets-tip = Größen für Bildschirme, und für Papier bei 300 dpi
unit-cm = cm
unit-inch = Zoll
dpi-suffix = {" "}dpi
preset-hd = Full HD (1920 px)
preset-4k = 4K (3840 px)
preset-8k = 8K (7680 px)
preset-paper = { $name } · { $dpi } dpi
crop = Zuschneiden
crop-tip = Den Ausschnitt für den Export ins Bild zeichnen (R)
crop-view = Sichtbares
crop-view-tip = Exportieren, was jetzt zu sehen ist
crop-none = Alles
crop-none-tip = Wieder das ganze Foto exportieren (Esc)
batch-size-by = Größe nach
batch-size-by-tip = Um einen Faktor oder auf eine genaue Seitenlänge in Pixeln
drag-or-type = Ziehen, oder klicken und eintippen
model = Modell
batch-model-tip = Der Name sagt, für welche Art von Bild das Modell ist; die Größe, welches es genau ist
format = Format
batch-format-same = Wie Original
batch-format-tip = PNG, WebP und TIFF sind verlustfrei; JPEG ist klein
batch-format-same-tip = PNG für Formate, die nur gelesen werden können
batch-quality-prefix = Qualität{" "}
batch-quality-tip = JPEG-Qualität: 95 ist vom Original kaum zu unterscheiden
quality = Qualität
srgb = Farben nach sRGB umrechnen
srgb-tip = Für Programme und Seiten, die keine Farbprofile kennen; sonst bleibt das Profil des Bildes
strict = Beschädigte Bilder ablehnen
strict-tip = Sonst wird vergrößert, was von ihnen übrig ist, mit einem Hinweis
batch-metadata = Metadaten behalten
batch-metadata-tip = Farbprofil, EXIF, XMP und Auflösung ins Ergebnis übernehmen
batch-names = Dateinamen
batch-template = Namensvorlage
batch-template-tip = {"{name} {scale} {model} {w} {h} {n}"} werden für jedes Bild eingesetzt
batch-taken = Wenn die Datei existiert
add-pictures = Bilder hinzufügen
add = Hinzufügen
add-a-folder = Ordner hinzufügen
batch-out = Ordner für Ergebnisse
use = Auswählen
batch-report-csv = Tabelle
batch-report-json = JSON
batch-report-save = Bericht speichern
save = Speichern
hint-picture = /pfad/zum/bild.png
hint-pictures = /pfad/zu/bildern
hint-results = /pfad/zu/ergebnissen
hint-report = /pfad/zum/bericht.csv
batch-stopped = { $failed ->
    [0] Gestoppt: { $done } von { $all } fertig
   *[other] Gestoppt: { $done } von { $all } fertig, { $failed } fehlgeschlagen
}
batch-finished = { $failed ->
    [0] Abgeschlossen: { $done } von { $all } fertig
   *[other] Abgeschlossen: { $done } von { $all } fertig, { $failed } fehlgeschlagen
}
batch-column-picture = Bild
batch-column-result = Ergebnis
batch-column-time = Zeit
batch-column-out = Ausgabedatei
batch-column-status = Status
batch-ready = Bereit
batch-ready-as = Bereit: { $kind }
batch-reading = Wird gelesen
batch-saving = Wird gespeichert
batch-skipped = Übersprungen: { $reason }
batch-refused = Nicht exportierbar: { $reason }
batch-unreadable = Nicht lesbar: { $reason }
batch-failed = Fehlgeschlagen: { $reason }
batch-remove = { $name } aus der Liste entfernen
batch-row-tip = { $from } → { $to }  { $time }
batch-done = Fertig
batch-done-notes = Fertig: { $notes }

## Enhance

start-open = Foto öffnen…
start-drop = oder hierher ziehen oder einfügen (Strg+V)
start-hint = Ihr Foto bleibt unverändert: Geschrieben wird erst beim Export.
recent = Zuletzt geöffnet
recent-clear = Liste leeren
recent-clear-tip = Vergisst, welche Fotos geöffnet waren; Dateien bleiben unberührt
open-sample = Beispiel öffnen
open-sample-tip = Ein kleines Foto, das zum Programm gehört
key-wheel = Mausrad, zwei Finger
enhance-keys-wheel = Zum Zeiger hin zoomen
key-drag = Ziehen
enhance-keys-drag = Das Bild verschieben
enhance-keys-f-1 = Einpassen, 1:1, vergrößern, verkleinern
key-double-click = Doppelklick
enhance-keys-double-click = Zwischen Einpassen und 1:1 wechseln
enhance-keys-page = Vorheriges, nächstes Foto im Ordner
enhance-keys-strip = Filmstreifen zeigen oder ausblenden
key-crop = R   Esc
enhance-keys-crop = Zuschneiden; wieder das ganze Foto
key-left-right = Links, Rechts
enhance-keys-left-right = Die Trennlinie verschieben (Umschalt: schneller)
key-space-b = Leertaste, A   B
enhance-keys-space-b = Halten, um nur A, nur B zu sehen
enhance-keys-views = Geteilt, nebeneinander, wechseln, Differenz, 2 × 2
loupe = Lupe
key-ctrl-e = Strg+S, Strg+E
export = Exportieren
key-copy-paste = Strg+C   Strg+V
enhance-keys-copy-paste = Sichtbaren Teil des Ergebnisses kopieren, Foto einfügen
enhance-failed = Das lässt sich nicht anzeigen
enhance-failed-hint = Ändern Sie rechts die Auswahl, oder machen Sie sie mit Strg+Z rückgängig.
difference-end = { $value } von 255
export-price-time = Etwa { $time } · Datei etwa { $file } · { $memory } Arbeitsspeicher
export-price = Datei etwa { $file } · { $memory } Arbeitsspeicher
export-smaller = Das Ergebnis ist kleiner als das Foto ({ $w } × { $h }).
export-large = { $megapixels } Megapixel: Viele Programme können so große Bilder nicht öffnen.
export-long = Das dauert etwa { $time }. Sie können es jederzeit stoppen.
add-model = Modell hinzufügen
hint-model = /pfad/zum/modell.safetensors
compare-picture = Mit einem Bild vergleichen
reference-choose-title = Referenzbild auswählen
export-to = Exportieren nach
export-waiting = Wartet
export-ask = Exportieren…
export-ask-tip = Ganz B in eine Datei speichern (Strg+S)
batch-like-this = Stapel mit diesen Einstellungen
copy-view = Den sichtbaren Teil von B kopieren (Strg+C)
export-clipboard = In die Zwischenablage
time-left = noch { $time }
export-stop = { $name } stoppen: endet nach der laufenden Kachel, und nichts wird geschrieben
export-done = Gespeichert: { $path } ({ $w } × { $h }, { $time })
export-done-notes = Gespeichert: { $path } ({ $w } × { $h }, { $time }); { $notes }
export-copied = { $w } × { $h } Pixel sind in der Zwischenablage.
depth = Farbtiefe
background = Hintergrund
metadata = Metadaten
file = Datei
export-tip = Ganz B in diese Datei speichern
export-nameless = Geben Sie einen Dateinamen ein.
export-is-file = B ist bereits eine Datei.
quality-tip = Höher ist näher am Ergebnis, und größer
depth-sixteen = 16 Bit pro Kanal
depth-sixteen-tip = Feinere Stufen für spätere Bearbeitung, bei doppelter Größe
metadata-keep = Farbprofil, EXIF und Auflösung behalten
metadata-keep-tip = Aus: Nur die Pixel werden geschrieben, also zum Beispiel ohne den Aufnahmeort
pixels = { $w } × { $h } Pixel
browse = Durchsuchen…
browse-tip = Den Ort im Dialog des Systems auswählen
compare = Vergleichen
look-auto-is = Auto: { $model }
look-add-model = Modell hinzufügen…
look-picture = Ein Bild…
own-model = Ihr eigenes Modell
look-name = { $side }: was es zeigt
look-a-tip = Links, oder vorher
look-b-tip = Rechts, oder nachher; dies wird exportiert
look-more-tip = Eine von vieren; zu sehen in der Ansicht „2 × 2“
try-all = Alle Modelle vergleichen…
try-all-tip = Die Mitte der Ansicht, wie jedes Modell sie macht; mehrere Ergebnisse auf einmal exportieren
try-all-title = Alle Modelle
try-all-hint = Ein Klick auf ein Bild zeigt dieses Modell als B, der Mauszeiger darüber zeigt bikubisch. Zu exportierende Ergebnisse ankreuzen.
try-all-export =
    { $n ->
        [0] Exportieren
        [one] { $n } Ergebnis exportieren
       *[other] { $n } Ergebnisse exportieren
    }
try-all-export-tip = Jedes angekreuzte Ergebnis neben dem Foto speichern, mit dem Modell im Namen
try-all-show = { $name } als B zeigen
try-all-show-tip = Klick: als B zeigen. Mauszeiger darüber: bikubisch, zum Vergleich
try-all-mark-tip = Dieses Ergebnis exportieren
source-is = { $words }: { $kind }
source-and = {", "}
source-compressed = komprimiertes JPEG, Qualität etwa { $quality }
source-jpeg = JPEG, Qualität etwa { $quality }
source-noisy = verrauscht
source-very-noisy = stark verrauscht
source-soft = weich
source-sharp = scharf
source-unknown = zu klein oder zu einförmig für ein Urteil
source-tip = Was im Bild erkannt wurde, und die Art von Modell, die bei dieser Größe dazu passt
size-by-tip = Wie die Größe angegeben wird; die Proportionen bleiben
size-factor-tip = { $factor }-fache Breite und Höhe
size-tip = Größe des Ergebnisses
size-smaller = Kleiner als das Foto: { $w } × { $h }
size-impossible = So groß kann kein Bild sein: wählen Sie eine kleinere Größe
view = Ansicht
zoom-fit = Einpassen
zoom-fit-tip = Das ganze Bild zeigen (F)
zoom-one-tip = Ein Pixel des Ergebnisses pro Bildschirmpixel (1)
zoom-out = Verkleinern (−)
zoom-in = Vergrößern (+)
loupe-tip = Vierfach vergrößert am Zeiger, A links und B rechts (L)
difference = Differenz
difference-signed = Mit Vorzeichen
difference-signed-tip = B − A: grau, wo sie gleich sind
difference-absolute = Betrag
difference-absolute-tip = |B − A|
difference-squared = Quadrat
difference-squared-tip = (B − A)², was PSNR aufsummiert
difference-channels = Kanäle
difference-channels-tip = Rot, Grün und Blau für sich
difference-map = Farbskala
difference-map-tip = Helligkeit in Farben, die jeder unterscheiden kann
difference-gain-tip = Verstärkung: multipliziert die Differenz vor der Anzeige
reference = Referenz
reference-choose = Auswählen…
reference-tip = Ein Bild so groß wie das Ergebnis, mit dem A und B verglichen werden: PSNR und SSIM
reference-remove = Referenz entfernen
reference-waiting = Wird verglichen, sobald die Ansicht berechnet ist
scores-view = Sichtbar
scores-whole = Ganz
mode-split = Geteilt
mode-split-tip = A links der Trennlinie, B rechts davon; ziehen oder mit den Pfeiltasten verschieben
mode-beside = Nebeneinander
mode-beside-tip = A und B nebeneinander, immer an derselben Stelle
mode-flip = Wechseln
mode-flip-tip = Nur B; Leertaste halten, um A zu sehen
mode-difference-tip = Worin sich A und B unterscheiden
mode-four = 2 × 2
mode-four-tip = A bis D zugleich, immer an derselben Stelle: vier Arten, das Bild zu vergrößern
device-opening = Gerät wird geöffnet…
device-tip = { $device }
    Verwendetes Gerät
eight-bit = 8 Bit
eight-bit-tip = Die Adder-Schichten rechnen mit 8-Bit-Ganzzahlen; eine Grafikkarte rechnet mit Gleitkommazahlen
tiles = { $done } von { $all } Kacheln
tiles-tip = Sichtbare Kacheln, die das Netz berechnet hat
speed-tip = Megapixel des Ergebnisses pro Sekunde
colour-off = Farbe ±{ $value }
colour-off-tip = Wie weit die Farben von B im Mittel von denen des Fotos abweichen, aus der Ferne gesehen, in Stufen von 255
cost-none = Nicht größer als das Foto: nur bikubisch
cost = { $additions } Additionen · { $multiplications } Multiplikationen · { $energy }
cost-tip = Für dieses Bild, vergrößert { $way }. Mit Faltungen statt Adder-Schichten: { $additions } Additionen, { $multiplications } Multiplikationen und { $energy }, das { $times }-Fache an Energie (nur Rechenoperationen, 45 nm, 32-Bit-Gleitkomma).
cost-convolutions = (Faltungen: { $energy })
line = Trennlinie zwischen A und B
line-tip = A links, B rechts: ziehen oder mit den Pfeiltasten verschieben

## What can be compared, and models

look-nearest = Originalpixel
look-bicubic = Bikubisch
look-lanczos = Lanczos
model-trained = hier trainiert
model-floats = { $model } in f32

## Layers

layers-model-tip = Das Netz, in das man hineinsieht
layers-follow = Wie in Verbessern
layers-followed = { $model } (Verbessern)
layers-second = Vergleich
layers-second-none = Keiner
layers-second-tip = Dieselbe Schicht eines anderen Modells daneben zeigen, Kanal neben Kanal
layers-empty-hint = Ziehen Sie eines hierher, oder öffnen Sie das Beispiel.
key-page = Bild ↑   Bild ↓
layers-keys-page = Vorige, nächste Schicht
layers-keys-channel = Voriger, nächster Kanal
key-click-channel = Klick auf einen Kanal
layers-keys-click = Seine Zahlen, und wie dieser Ausgabewert entsteht
region = Bereich
region-tip = Seitenlänge des betrachteten Bereichs
region-picture = Bereich des Fotos
region-picture-tip = Ziehen, um einen anderen Bereich zu betrachten.
    Blau: der Bereich; orange: was ein Ausgabewert sieht.
region-sees = sieht { $w } × { $h }
strip-channels = { $n } Kan.
strip-reads = Eingaben: { $layers }
strip-field = Rezeptives Feld { $side } × { $side }
sort-index = nach Index
sort-mean = nach Mittel
sort-energy = nach Energie
sort-zeros = nach Nullen
sort-tip = Reihenfolge der Kanäle
sort-label = Reihenfolge
colours-automatic = automatisch
colours-signed = blau – orange
colours-sequential = violett – gelb
colours-grey = grau
colours-tip = Farben: automatisch ist blau bis orange, wo Werte beide Vorzeichen haben, sonst dunkel bis hell
colours-label = Farben
ends-shared = eine Skala
ends-channel = Skala je Kanal
ends-percentile = eine Skala, 1–99 %
ends-tip = Für welche Werte die Enden der Farbskala stehen
ends-label = Bereich
legend-channel = Farbskala des gewählten Kanals: { $from } bis { $to }
legend-all = Farbskala aller Kanäle: { $from } bis { $to }
channel = Kanal { $n }
channel-of = Kanal { $n } von { $model }
channel-dead = { $n }  tot
channel-value = Kanal { $n }, Zeile { $row }, Spalte { $column }: { $value }
layers-save-ask = Speichern…
layers-save-ask-tip = Diese Schicht in eine Datei speichern
page-channel = Kanal
page-channel-tip = Der Kanal, sein Histogramm und seine Zahlen
page-power = Potenz
page-power-tip = Vor und nach der Potenzaktivierung, die Schärfe zurückbringt
page-flat = Graufeld
page-flat-tip = Wie die Schicht auf gleichmäßiges Grau antwortet
page-output = Ausgabe
page-output-tip = Wie ein Ausgabewert entsteht
page-weights = Gewichte
page-weights-tip = Der Kern dieses Kanals und alle Gewichte der Schicht
layer-channel = { $layer }, Kanal { $n }
channel-chosen = Gewählter Kanal
channel-pixel-tip = Zeile { $row }, Spalte { $column }: { $value }
    Klicken, dann „Ausgabe“ öffnen.
statistic-min = Min.
statistic-max = Max.
statistic-mean = Mittel
statistic-std = Std.
statistic-zeros = Nullen
statistic-dead = tot
yes = ja
no = nein
dead-channels = { $n } von { $all } Kanälen dieser Schicht haben hier überall denselben Wert.
histogram = Histogramm
power-none = Diese Schicht hat keine Potenzaktivierung; die Schichten von „body“ haben eine.
power-what = Nach diesem Schritt zählen kleine Unterschiede mehr, wo α unter 1 liegt, und weniger, wo es darüber liegt. So gewinnt das Netz die Schärfe zurück, die beim bloßen Addieren verloren ginge.
power-formula = sign(y)·|y|^α mit α = { $alpha }
before = vorher
after = nachher
after-minus-before = nachher − vorher
power-difference = Differenz: { $from } … { $to }
power-curve = Kurve, über dem Histogramm ihrer Eingaben
power-spectrum = Amplitude nach Frequenz
power-energy = Energie über einem Viertel der Abtastrate: { $before } % vorher, { $after } % nachher.
power-energy-times = Energie über einem Viertel der Abtastrate: { $before } % vorher, { $after } % nachher (× { $times }).
power-depth = α aller Potenzaktivierungen, von der ersten zur letzten
power-depth-what = Je eine Zahl, die das Training gefunden hat; der orange Punkt ist die hier gezeigte.
blue-orange = blau { $from } · weiß 0 · orange { $to }
no-layer-before = Zu dieser Schicht führt keine Faltungs- oder Adder-Schicht.
flat-what = Was dieser Kanal auf eine glatte graue Fläche antwortet, von Schwarz links bis Weiß rechts.
flat-span = Spanne
flat-span-tip = Größte minus kleinste Antwort
flat-bend = Biegung
flat-bend-tip = Größter Abstand von einer Geraden
flat-why = Eine multiplizierende Schicht (Faltung) antwortet mit einer Geraden, eine glatte Fläche kann also unverändert hindurch. Eine Schicht, die nur Unterschiede addiert, −Σ|s − w|, biegt die Linie immer: Glatte Flächen werden zu hell oder zu dunkel. Die Abkürzung bringt die Gerade zurück, und die Potenz zieht kleine und große Werte auseinander, was die Schärfe zurückbringt. Alle Linien schließen die Batch-Normalisierung dieser Schicht ein.
layer-output-channel = { $layer }, Ausgabekanal { $n }
kernel-windows = { $n ->
    [one] { $n } Fenster, eines je Eingabekanal
   *[other] { $n } Fenster, eines je Eingabekanal, zeilenweise
}
kernel = Kern
weights-all = Alle Gewichte der Schicht
chart-value = Wert
chart-count = Anzahl
chart-inputs = Eingaben
chart-input = Eingabe y
chart-depth = Potenzaktivierung
chart-output = Ausgabe
chart-frequency = Perioden pro Pixel
chart-amplitude = log₁₀ der Amplitude
chart-grey = Grau s
chart-answer = Antwort
output-none = Klicken Sie auf ein Pixel eines Kanals, um zu sehen, wie sein Wert entsteht.
output-place = { $layer }, Kanal { $n }, Zeile { $row }, Spalte { $column }
neighbour = Nachbar
neighbour-left = Links
neighbour-left-tip = Der Ausgabewert links davon
neighbour-right = Rechts
neighbour-right-tip = Der Ausgabewert rechts davon
neighbour-above = Oben
neighbour-above-tip = Der Ausgabewert darüber
neighbour-below = Unten
neighbour-below-tip = Der Ausgabewert darunter
output-steps = Schritt für Schritt
output-map = In der Karte:
output-terms = { $n ->
    [one] { $n } Term von { $layer }
   *[other] { $n } Terme von { $layer }
}
output-bias = (mit Bias { $bias })
output-own = (diese Schicht)
order-window = in Fensterreihenfolge
order-distance = größte zuerst
terms-place = y,x,K
terms-edge = 0 (Rand)
layers-save = Diese Schicht speichern
layers-save-replace = Vorhandene Datei ersetzen
layers-save-tip = Diese Schicht in die Datei speichern
layer-form-sheet = Alle Kanäle, als Bild
layer-form-channel = Dieser Kanal, als 16-Bit-Bild
layer-form-npy = Werte, als NumPy-Array
layer-form-safetensors = Werte, als safetensors

## What layers compute

op-input = Eingabe
op-convolution = Faltung { $k }×{ $k }, { $from } → { $to }
op-adder = Adder { $k }×{ $k }, { $from } → { $to }
op-batch-norm = Batch-Normalisierung
op-sum = Summe
op-power = Potenz sign(x)·|x|^α
op-power-channels = Potenz sign(x)·|x|^α, α je Kanal
op-pixel-shuffle = Pixel-Shuffle ×{ $scale }
op-bicubic = bikubisch ×{ $scale }
op-what-input = Das Foto, wie das Netz es bekommt.
op-what-shift = Verschiebt alle Werte um gleich viel, sodass mittleres Grau nahe null liegt.
op-what-convolution = Multipliziert jede Umgebung mit gelernten Mustern und addiert: die übliche Schicht, nur an den beiden Enden des Netzes.
op-what-adder = Vergleicht jede Umgebung mit gelernten Mustern, indem es Unterschiede addiert: je ähnlicher, desto näher an null. Multipliziert wird nichts.
op-what-batch-norm = Bringt jeden Kanal auf gemeinsame Helligkeit und gemeinsamen Kontrast.
op-what-sum = Addiert die Werte einer früheren Schicht wieder hinzu, damit das Bild selbst nicht verloren geht.
op-what-relu = Behält, was über null liegt.
op-what-power = Erhebt jeden Wert in die Potenz α: Kleine Unterschiede treten hervor oder zurück.
op-what-pixel-shuffle = Legt Kanäle als Pixel aus: Hier wird das Bild größer.
op-what-bicubic = Das Foto, auf gewöhnliche Art vergrößert; das Netz fügt nur Einzelheiten hinzu.
curve-convolution = Faltung
curve-adder = Adder
curve-shortcut = Adder + Abkürzung
curve-relu-power = Adder + Abkürzung + ReLU + Potenz
curve-power = Adder + Abkürzung + Potenz
step-picture = das Bild
step-moved = an seinen Platz verschoben
step-bias = Σ x·w + Bias

## How a size is reached

way-bicubic = nur bikubisch
way-network = { $passes ->
    [1] ×{ $scale }
    [2] zweimal ×{ $scale }
   *[other] { $passes }-mal ×{ $scale }
}
way-rest = { $network }, dann bikubisch ×{ $rest }

## Train

train-busy-add = Das Training läuft; fügen Sie Bilder hinzu, wenn es beendet ist.
train-busy-resume = Das Training läuft; stoppen Sie es, bevor Sie einen anderen Lauf fortsetzen.
written = Gespeichert: { $path }
train-run = Lauf
train-run-tip = Diagramme, zurückgehaltene Bilder, Zustand der Schichten
train-pictures-tip = Womit trainiert und was zurückgehalten wird
train-keys-line = Die Trennlinie in einem zurückgehaltenen Ausschnitt verschieben
train-empty = Ein Modell an eigenen Bildern trainieren
train-empty-hint = Ziehen Sie Bilder oder Ordner einer Art hierher: Text, Gesichter, Comics, Fotos einer Kamera. Sechs genügen für den Anfang.
train-runs = Läufe
train-resume-title = Einen Lauf fortsetzen
train-resume-word = Fortsetzen
hint-checkpoint = /pfad/zum/modell.checkpoint
train-export-title = Modell exportieren
train-preparing = Bilder werden gelesen, das Ausgangsmodell wird gemessen…
train-running = Training läuft
train-paused = Pausiert
train-stopping = Wird gestoppt: eine letzte Auswertung…
train-failed = Fehlgeschlagen
train-over = Abgeschlossen
train-facts-pictures = { $n ->
    [one] { $n } Bild, { $out } zurückgehalten
   *[other] { $n } Bilder, { $out } zurückgehalten
}
train-facts-step = Schritt { $n }
train-facts-speed = { $speed } Schritte/s
train-facts-time = { $time } Training
train-facts-restarts = { $n ->
    [one] einmal wegen ungültiger Zahlen zurückgegangen
   *[other] { $n }-mal wegen ungültiger Zahlen zurückgegangen
}
loss = Verlust
loss-tip = Mittlere absolute Abweichung vom Original, von 0 bis 1
loss-each = jeder Schritt
loss-smooth = geglättet
chart-step = Schritt
chart-loss = Verlust
chart-psnr = PSNR in dB
held-out-psnr = PSNR zurückgehaltener Bilder in dB
held-out-psnr-gain = PSNR zurückgehaltener Bilder: bester { $best } dB, { $gain } dB gegenüber { $model }
held-out-psnr-tip = Auf der Helligkeit gemessen, wie in den Benchmarks; höher ist näher am Original
held-out-single = Mit einem einzigen Bild kann nichts zurückgehalten werden; fügen Sie weitere hinzu, um einen Messwert zu erhalten.
line-start = Start: { $model }
line-now = jetzt
line-bicubic = bikubisch
line-bicubic-psnr = bikubisch ({ $psnr })
health = Zustand der Adder-Schichten
health-tip = Ob jede Schicht noch lernt
health-layer = Schicht
health-layer-tip = Block und Einheit
health-gradient = Gradient
health-gradient-tip = Quadratisches Mittel des Gradienten ihrer Gewichte im letzten Schritt; nahe null lernt sie nichts
health-alpha-tip = Mittlerer Exponent ihrer Potenzaktivierung; 1 ist eine Gerade
health-variance = Varianz
health-variance-tip = Die ihrer Summen, wie die Batch-Normalisierung sie sieht; nahe null ist sie für jede Eingabe gleich
piece-bicubic = Bikubisch
piece-start = Start
piece-now = Jetzt
piece-truth = Original
pieces = Zurückgehaltene Ausschnitte
piece-of = Ausschnitt aus { $name }
piece-left = { $side } links
piece-right = { $side } rechts
piece-left-tip = Links der Trennlinie zeigen
piece-right-tip = Rechts der Trennlinie zeigen
judgement = Auswertung
judgement-tip = In der Zeit zurückgehen: die Ausschnitte, wie sie bei jeder Auswertung aussahen
judgement-score = Schritt { $step }: { $psnr } dB
piece-line = Trennlinie zwischen { $left } und { $right }
piece-tip = { $name }
    Ziehen oder mit den Pfeiltasten verschieben
set-pictures = { $n ->
    [one] { $n } Bild, { $megapixels } Megapixel
   *[other] { $n } Bilder, { $megapixels } Megapixel
}
set-too-small = { $n } zu klein
set-duplicate = { $n ->
    [one] { $n } Duplikat
   *[other] { $n } Duplikate
}
set-unreadable = { $n } nicht lesbar
set-soft = { $n } unscharf
set-compressed = { $n } stark komprimiert
set-good = { $n } gut
pairs = Was das Netz sieht, und was es daraus machen soll
pair-small = klein
pair-large = groß
verdict-good = gut
verdict-good-tip = Scharf genug, um daraus zu lernen
verdict-soft = unscharf
verdict-soft-tip = Bikubisch allein stellt es wieder her, also lehrt es wenig. Wurde es vergrößert, oder ist es unscharf?
verdict-compressed = komprimiert
verdict-compressed-tip = Blöcke starker Kompression sind zu sehen, und das Modell würde sie lernen
verdict-too-small = zu klein
verdict-too-small-tip = Ausgelassen: Es braucht mindestens { $side } × { $side } Pixel; oder nehmen Sie kleinere Ausschnitte
verdict-duplicate = doppelt
verdict-duplicate-tip = Ausgelassen: Dasselbe Bild ist schon da
verdict-unreadable = nicht lesbar
table-what = Angekreuzte Bilder werden zurückgehalten: Mit ihnen wird nie trainiert, sie zeigen, wie gut das Modell ist
hold-out = { $name } zurückhalten
hold-out-tip = Zurückgehalten: nur zur Auswertung, nie zum Training
held-out = Testbild
degradation-clean-tip = Scharf und nicht komprimiert: Scans, Zeichnungen, Bildschirmfotos
degradation-jpeg = JPEG
degradation-jpeg-tip = Komprimiert: Bilder aus dem Web
degradation-camera-tip = Etwas unscharf, verrauscht und komprimiert: Fotos
train-add-files-tip = Bilder hinzufügen; oder ins Fenster ziehen
train-clear = Alle Bilder entfernen
set-judging = Wird geprüft… { $n }
set-none = Noch keine
set-split = { $train } zum Training, { $out } zurückgehalten
start-from = Ausgangsmodell
start-from-model = Ausgangsmodell { $model }
start-from-tip = Das Modell, das nachtrainiert wird. Das Ergebnis kommt in eine neue Datei; dieses bleibt unverändert.
start-enlarges = Vergrößert ×{ $scale }
model-name-section = Name
model-name-field = Name des Modells
model-name-tip = Wie das Modell und seine Datei heißen
degradation = Eingaben simulieren als
degradation-given = Ich habe kleine und große Fassungen
degradation-given-tip = Ordner mit kleinen Bildern in `lr` und großen mit denselben Namen in `hr`: Scans desselben Abzugs, JPEG und Raw einer Kamera
dial = Dauer
dial-tip = { $n ->
    [one] { $n } Minute Training
   *[other] { $n } Minuten Training
}
advanced = Erweitert
advanced-tip = Gute Vorgaben für die meisten Bilder: Lernrate, Ausschnitte, Startwert, Ordner
minutes-suffix = {" "}min
advanced-time = Zeit
advanced-time-tip = Minuten Training; Pausen zählen nicht
advanced-rate = Lernrate
advanced-rate-tip = Die höchste: Eine höhere lernt schneller und vergisst mehr
advanced-patches = Ausschnitte/Schritt
advanced-patches-tip = Aus wie vielen Ausschnitten ein Schritt lernt
advanced-patch-size = Ausschnittgröße
advanced-patch-size-tip = Seitenlänge eines Ausschnitts in Pixeln des kleinen Bildes
advanced-seed = Startwert
advanced-seed-tip = Derselbe Startwert zieht dieselben Ausschnitte
advanced-rehearsal = Behalten
advanced-rehearsal-suffix = {" "}% allgemeine Fotos
advanced-rehearsal-tip = Anteil der Ausschnitte aus zwei mitgelieferten Fotos, damit das Modell andere Arten von Bildern nicht vergisst; 0 % lernt Ihre schneller, taugt aber nur für sie
advanced-folder = Ordner für Modelle
advanced-folder-tip = Das bisher beste Modell und der Lauf selbst werden hier gespeichert
train-use = In „Verbessern“ verwenden
train-use-tip = Ein Foto mit dem bisher besten Modell vergrößern
train-export-tip = Das bisher beste Modell in eine Datei speichern. Es bleibt auch hier:
    { $path }
train-pause-tip = Zwischen zwei Schritten pausieren
train-stop-tip = Nach einer letzten Auswertung stoppen; das beste Modell bleibt
own-models-ask = Ihre Modelle…
own-models-ask-tip = Trainierte und hinzugefügte Modelle umbenennen, finden und löschen
train-resume = Lauf fortsetzen…
train-resume-tip = Einen pausierten, gestoppten oder unterbrochenen Lauf fortsetzen (.checkpoint); oder seine Datei hierher ziehen
train = Trainieren
train-tip = Das Modell an diesen Bildern nachtrainieren
own-models = Ihre Modelle
own-models-none = Noch keine. Die Modelle, die Sie trainieren, bleiben hier und stehen in jeder Liste zuerst.
done = Fertig
close = Schließen
own-models-name = Name von { $model }
rename = Umbenennen
rename-tip = Das Modell und seine Datei umbenennen
own-models-export = { $model } exportieren…
own-models-show = Die Datei von { $model } zeigen
own-models-forget = { $model } aus der Liste entfernen; die Datei bleibt
delete-sure = Endgültig löschen
delete-sure-tip = Löscht die Datei; das lässt sich nicht rückgängig machen
delete = Löschen…
delete-tip = Das Modell und seine Datei löschen; Sie werden noch einmal gefragt
verdict-stopped = Gestoppt.
verdict-falling = Die zurückgehaltenen Bilder wurden immer schlechter, darum endete das Training früher.
verdict-no-model = Es gibt kein Modell.
verdict-not-measured = Kein Bild wurde zurückgehalten, also zeigt nichts, ob dieses Modell besser ist.
verdict-no-better = Nicht besser als zu Beginn: { $best } dB gegen { $start } dB auf den zurückgehaltenen Bildern. Verwenden Sie weiter { $model }, fügen Sie mehr Bilder dieser Art hinzu, oder trainieren Sie länger.
verdict-better = { $gain } dB besser als { $model } auf den zurückgehaltenen Bildern: { $best } dB, aus Schritt { $step }.
dial-short = Kurz
dial-normal = Normal
dial-long = Lang
dial-own = Eigene
forecast-steps = { $time } auf diesem Rechner: bis zu { $steps } Schritte.
forecast-few = Von so wenigen ist kaum etwas zu erwarten.
forecast-photos = Bilder, die anders sind als Alltagsfotos (Text, Zeichnungen, Scans), gewinnen am meisten; Alltagsfotos wenig.
forecast-measuring = Einige Schritte werden auf diesem Rechner gemessen…
obstacle-judging = Die Bilder werden geprüft.
obstacle-none = Fügen Sie Bilder von mindestens { $side } × { $side } Pixeln hinzu.
obstacle-all-out = Alle Bilder sind zurückgehalten: Trainieren Sie mit mindestens einem.
obstacle-none-out = Halten Sie mindestens ein Bild zur Auswertung zurück.
obstacle-folder = Geben Sie unter „Erweitert“ einen Ordner für Modelle an.
obstacle-name = Der Name eines Modells darf weder / noch \ enthalten.
set-empty = Nichts davon ist ein Bild.
train-restarted = Ungültige Zahlen traten auf: Das Training ging zu Schritt { $step } zurück und läuft mit halber Lernrate weiter.
