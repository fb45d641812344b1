using System.Runtime.InteropServices;

namespace VkInception.Imaging;

/// <summary>Owns one reference to a GObject.</summary>
internal sealed class GObjectHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        GdkPixbuf.Unref(handle);
        return true;
    }
}
