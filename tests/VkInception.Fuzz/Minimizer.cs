namespace VkInception.Fuzz;

/// <summary>Makes a bad input smaller: cuts pieces out, half of it down to single bytes, as long as it stays bad in the same way.</summary>
internal static class Minimizer
{
    public static byte[] Shrink(byte[] input, Func<byte[], bool> isSame, int tries = 3000)
    {
        byte[] best = input;
        for (int piece = Math.Max(1, best.Length / 2); piece >= 1 && tries > 0; piece /= 2)
        {
            for (int at = 0; at < best.Length && tries-- > 0;)
            {
                byte[] shorter = [.. best[..at], .. best[Math.Min(best.Length, at + piece)..]];
                if (isSame(shorter)) best = shorter;
                else at += piece;
            }
        }
        return best;
    }
}
