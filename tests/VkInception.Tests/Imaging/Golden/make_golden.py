"""Makes the pictures of this folder and, with PIL and torchvision, what reading them must give.

Run in this folder: python3 make_golden.py (Debian 12's python3-pil 9.4, python3-torchvision 0.14).

NAME.{jpg,png,bmp,gif}       a picture made by formula
NAME.{jpg,png,bmp,gif}.ppm   its pixels: exif_transpose(open(f)).convert('RGB')
resize.bin                   int32 little-endian records: filter (0 bilinear, 1 bicubic), width, height, new width,
                             new height, left, top, box width, box height; then the bytes of PIL's resize, cropped.
                             The source is noise(width, height, seed = index of the record).
preprocess.bin               int32 records: input (0 torchvision, 1 BVLC, 2 gray), width, height, count; then every 997th float32
"""
import io
import struct
import zlib

import numpy as np
import torchvision.transforms as T
from PIL import Image, ImageOps


def noise(width, height, seed):
    """The high bytes of a linear congruential generator; PhotoSamples.Noise is the same in C#."""
    state, out = seed, bytearray()
    for _ in range(width * height * 3):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        out.append(state >> 24)
    return np.frombuffer(bytes(out), np.uint8).reshape(height, width, 3)


def picture(width=29, height=19):
    """A gradient with a disc: something a JPEG can carry."""
    y, x = np.mgrid[0:height, 0:width]
    disc = (x - 9) ** 2 + (y - 8) ** 2 < 30
    rgb = np.stack([x * 255 // (width - 1), y * 255 // (height - 1), (x * 7 + y * 5) % 256], 2)
    rgb[disc] = [250, 40, 90]
    return Image.fromarray(rgb.astype(np.uint8))


def exif(orientation, big=False):
    e = '>' if big else '<'
    head = (b'MM\0*' if big else b'II*\0') + struct.pack(e + 'I', 8)
    entries = struct.pack(e + 'HHII', 0x0103, 3, 1, 0) + struct.pack(e + 'HHIHH', 0x0112, 3, 1, orientation, 0)
    return b'Exif\0\0' + head + struct.pack(e + 'H', 2) + entries + struct.pack(e + 'I', 0)


def encode(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def chunk(kind, content):
    return struct.pack('>I', len(content)) + kind + content + struct.pack('>I', zlib.crc32(kind + content))


def pack_rows(samples, depth):
    """Filter byte 0 and the samples of each row, packed to the depth."""
    out = b''
    for row in samples.reshape(samples.shape[0], -1):
        if depth == 16:
            out += b'\0' + row.astype('>u2').tobytes()
        elif depth == 8:
            out += b'\0' + row.astype(np.uint8).tobytes()
        else:
            bits = ((row[:, None] >> np.arange(depth - 1, -1, -1)) & 1).astype(np.uint8).reshape(-1)
            out += b'\0' + np.packbits(bits).tobytes()
    return out


def png(samples, depth, colour, interlaced=False, extra=b''):
    height, width = samples.shape[:2]
    passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)] if interlaced else [(0, 0, 1, 1)]
    raw = b''
    for x, y, dx, dy in passes:
        part = samples[y::dy, x::dx]
        if part.size:
            raw += pack_rows(part, depth)
    return (b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', width, height, depth, colour, 0, 0, int(interlaced)))
            + extra + chunk(b'IDAT', zlib.compress(raw, 9)) + chunk(b'IEND', b''))


def bmp(width, height, bits, compression, data, masks=b'', palette=b''):
    offset = 14 + 40 + len(masks) + len(palette)
    return (b'BM' + struct.pack('<IHHI', offset + len(data), 0, 0, offset)
            + struct.pack('<IiiHHIIiiII', 40, width, height, 1, bits, compression, len(data), 2835, 2835, len(palette) // 4, 0)
            + masks + palette + data)


def write(name, data, expected=None):
    """expected: where PIL's own conversion is not what is wanted."""
    with open(name, 'wb') as f:
        f.write(data)
    if expected is None:
        expected = ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert('RGB')
    expected.save(name + '.ppm', 'PPM')


def jpegs():
    rgb = picture()
    write('baseline-444.jpg', encode(rgb, 'JPEG', quality=90, subsampling=0))
    write('baseline-422.jpg', encode(rgb, 'JPEG', quality=80, subsampling=1))
    write('baseline-420.jpg', encode(rgb, 'JPEG', quality=60, subsampling=2))
    write('progressive.jpg', encode(rgb, 'JPEG', quality=75, progressive=True))
    write('gray.jpg', encode(rgb.convert('L'), 'JPEG', quality=85))
    write('one-pixel.jpg', encode(rgb.crop((3, 3, 4, 4)), 'JPEG'))
    cmyk = encode(rgb.convert('CMYK'), 'JPEG', quality=90)
    write('cmyk.jpg', cmyk)
    at = cmyk.index(b'\xff\xee')
    end = at + 2 + int.from_bytes(cmyk[at + 2:at + 4], 'big')
    write('cmyk-without-adobe.jpg', cmyk[:at] + cmyk[end:])
    write('ycck.jpg', cmyk[:end - 1] + b'\2' + cmyk[end:])
    for orientation in range(1, 9):
        write(f'orientation-{orientation}.jpg', encode(rgb, 'JPEG', quality=90, exif=exif(orientation, big=orientation % 2 == 0)))
    write('orientation-9.jpg', encode(rgb, 'JPEG', quality=90, exif=exif(9)))


def pngs():
    rgb = picture()
    level = np.array(rgb)
    gray = np.array(rgb.convert('L'))
    alpha = (level[:, :, 0:1].astype(int) * 3) % 256
    deep = level.astype(np.uint16) * 257 // 2 + 77
    write('rgb.png', encode(rgb, 'PNG'))
    write('gray.png', encode(rgb.convert('L'), 'PNG'))
    write('one-bit.png', encode(rgb.convert('1'), 'PNG'))
    write('gray-2.png', png(gray >> 6, 2, 0))
    write('gray-4.png', png(gray >> 4, 4, 0))
    write('palette.png', encode(rgb.convert('P', palette=Image.ADAPTIVE), 'PNG'))
    write('palette-transparent.png', encode(rgb.convert('P', palette=Image.ADAPTIVE, colors=13), 'PNG', transparency=3))
    write('alpha.png', png(np.concatenate([level, alpha], 2), 8, 6))
    write('gray-alpha.png', png(np.concatenate([gray[:, :, None], alpha], 2), 8, 4))
    write('rgb-16.png', png(deep, 16, 2))
    write('alpha-16.png', png(np.concatenate([deep, alpha * 200], 2), 16, 6))
    # PIL saturates 16-bit gray instead of scaling it; the high byte is the picture.
    write('gray-16.png', png(deep[:, :, 0], 16, 0), Image.fromarray((deep[:, :, 0] >> 8).astype(np.uint8)).convert('RGB'))
    write('interlaced.png', png(level, 8, 2, interlaced=True))
    write('interlaced-narrow.png', png(level[:, :3], 8, 2, interlaced=True))
    write('interlaced-one-bit.png', png(gray >> 7, 1, 0, interlaced=True))
    write('orientation.png', png(level, 8, 2, extra=chunk(b'eXIf', exif(6)[6:])))
    write('text-and-gamma.png', png(level, 8, 2, extra=chunk(b'gAMA', struct.pack('>I', 100000)) + chunk(b'tEXt', b'Title\0ramp')))


def bmps():
    rgb = picture()
    level = np.array(rgb)
    height, width = level.shape[:2]
    for mode, name in (('1', 'one-bit'), ('P', 'palette'), ('L', 'gray'), ('RGB', 'rgb')):
        write(name + '.bmp', encode(rgb.convert(mode), 'BMP'))
    padded = np.zeros((height, (width * 3 + 3) // 4 * 4), np.uint8)
    padded[:, :width * 3] = level[:, :, ::-1].reshape(height, -1)
    write('top-down.bmp', bmp(width, -height, 24, 0, padded.tobytes()))
    write('rgb-32.bmp', bmp(width, height, 32, 0, np.concatenate([level[::-1, :, ::-1], np.full((height, width, 1), 9, np.uint8)], 2).tobytes()))
    word = np.zeros((height, (width + 1) // 2 * 2), '<u2')
    word[:, :width] = ((level[:, :, 0] >> 3).astype(int) << 10 | (level[:, :, 1] >> 3).astype(int) << 5 | level[:, :, 2] >> 3)[::-1]
    write('rgb-16.bmp', bmp(width, height, 16, 0, word.tobytes()))
    indexed = np.array(rgb.convert('L')) >> 4
    palette = b''.join(bytes([i * 3, 255 - i * 9, i * 17, 0]) for i in range(16))
    runs = b''.join(b''.join(bytes([1, v]) for v in row) + b'\0\0' for row in indexed[::-1]) + b'\0\1'
    write('run-length-8.bmp', bmp(width, height, 8, 1, runs, palette=palette))


def gifs():
    rgb = picture()
    few = rgb.convert('P', palette=Image.ADAPTIVE, colors=13)
    write('palette.gif', encode(few, 'GIF', interlace=0))
    write('interlaced.gif', encode(few, 'GIF', interlace=1))
    write('transparent.gif', encode(few, 'GIF', transparency=3))
    write('gray.gif', encode(rgb.convert('L'), 'GIF'))
    write('animated.gif', encode(few, 'GIF', save_all=True, append_images=[ImageOps.mirror(few), ImageOps.flip(few)], duration=40))


def resizes():
    sizes = [(1, 1, 5, 7), (7, 5, 1, 1), (2, 1, 3, 9), (13, 17, 13, 17), (13, 17, 13, 8), (13, 17, 6, 17), (40, 31, 9, 11),
             (37, 3, 5, 29), (3, 41, 23, 4), (16, 16, 8, 8), (33, 27, 32, 26), (9, 9, 27, 18), (61, 47, 7, 5), (5, 64, 64, 5), (50, 38, 34, 26), (100, 2, 3, 3)]
    with open('resize.bin', 'wb') as f:
        for index, (w, h, nw, nh) in enumerate(s for s in sizes for _ in range(2)):
            kind = index % 2
            box = (0, 0, nw, nh) if index % 3 else (nw // 3, nh // 4, nw - nw // 3, nh - nh // 4)
            out = Image.fromarray(noise(w, h, index)).resize((nw, nh), Image.BICUBIC if kind else Image.BILINEAR)
            out = out.crop((box[0], box[1], box[0] + box[2], box[1] + box[3]))
            f.write(struct.pack('<9i', kind, w, h, nw, nh, *box) + out.tobytes())


def preprocessed():
    normalize = T.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
    standard = T.Compose([T.Resize(256), T.CenterCrop(224), T.ToTensor(), normalize])
    gray = T.Compose([T.Grayscale(), T.Resize(256), T.CenterCrop(224), T.ToTensor(), T.Normalize([0.5], [0.25])])

    def bvlc(image):
        crop = image.resize((256, 256), Image.BILINEAR).crop((16, 16, 240, 240))
        return (np.array(crop)[:, :, ::-1].astype(np.float32) - np.float32([104, 117, 123])).transpose(2, 0, 1)

    with open('preprocess.bin', 'wb') as f:
        for w, h in ((61, 45), (33, 70), (300, 300), (320, 211)):
            image = Image.fromarray(noise(w, h, w))
            for kind, function in enumerate((standard, bvlc, gray)):
                values = np.asarray(function(image), np.float32).reshape(-1)[::997]
                f.write(struct.pack('<4i', kind, w, h, len(values)) + values.tobytes())


if __name__ == '__main__':
    jpegs()
    pngs()
    bmps()
    gifs()
    resizes()
    preprocessed()
