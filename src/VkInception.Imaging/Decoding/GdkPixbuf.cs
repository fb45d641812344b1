using System.Reflection;
using System.Runtime.InteropServices;

namespace VkInception.Imaging;

/// <summary>The functions of gdk-pixbuf 2, GObject and GLib that decoding a picture in memory takes.</summary>
internal static class GdkPixbuf
{
    private const string Pixbuf = "gdk_pixbuf-2.0", GObject = "gobject-2.0", GLib = "glib-2.0";

    static GdkPixbuf() => NativeLibrary.SetDllImportResolver(typeof(GdkPixbuf).Assembly, Resolve);

    // error is passed by reference, not out: GLib demands that it is zero on entry.

    [DllImport(Pixbuf, EntryPoint = "gdk_pixbuf_loader_new_with_type")]
    public static extern GObjectHandle NewLoader(ref byte zeroTerminatedType, ref nint error);

    [DllImport(Pixbuf, EntryPoint = "gdk_pixbuf_loader_write")]
    public static extern int Write(GObjectHandle loader, ref byte bytes, nuint count, ref nint error);

    [DllImport(Pixbuf, EntryPoint = "gdk_pixbuf_loader_close")]
    public static extern int Close(GObjectHandle loader, ref nint error);

    [DllImport(Pixbuf, EntryPoint = "gdk_pixbuf_loader_get_pixbuf")]
    public static extern nint GetPixbuf(GObjectHandle loader);

    [DllImport(Pixbuf, EntryPoint = "gdk_pixbuf_get_width")]
    public static extern int GetWidth(nint pixbuf);

    [DllImport(Pixbuf, EntryPoint = "gdk_pixbuf_get_height")]
    public static extern int GetHeight(nint pixbuf);

    [DllImport(Pixbuf, EntryPoint = "gdk_pixbuf_get_rowstride")]
    public static extern int GetRowStride(nint pixbuf);

    [DllImport(Pixbuf, EntryPoint = "gdk_pixbuf_get_n_channels")]
    public static extern int GetChannels(nint pixbuf);

    [DllImport(Pixbuf, EntryPoint = "gdk_pixbuf_read_pixels")]
    public static extern nint ReadPixels(nint pixbuf);

    [DllImport(GObject, EntryPoint = "g_object_unref")]
    public static extern void Unref(nint instance);

    [DllImport(GLib, EntryPoint = "g_error_free")]
    private static extern void FreeError(nint error);

    /// <summary>The message of a GError, which is freed; null when there is none.</summary>
    public static string? TakeMessage(nint error)
    {
        if (error == 0) return null;
        // struct GError { guint32 domain; gint code; gchar *message; }
        string? message = Marshal.PtrToStringUTF8(Marshal.ReadIntPtr(error, 8));
        FreeError(error);
        return message;
    }

    private static nint Resolve(string library, Assembly assembly, DllImportSearchPath? searchPath)
    {
        foreach (string candidate in FileNames(library))
        {
            if (NativeLibrary.TryLoad(candidate, assembly, searchPath, out nint handle)) return handle;
        }
        return 0;
    }

    private static string[] FileNames(string library)
    {
        if (OperatingSystem.IsWindows()) return [$"lib{library}-0.dll", $"{library}-0.dll"];
        if (OperatingSystem.IsMacOS()) return [$"lib{library}.0.dylib", $"/opt/homebrew/lib/lib{library}.0.dylib", $"/usr/local/lib/lib{library}.0.dylib"];
        return [$"lib{library}.so.0"];
    }
}
